//! A column of integers, written as the differences between its values and their predictions (linear extrapolation).
//!
//! A value is predicted as `last + (last - the one before) * factor / 4096`. The *factor* of a frame depends on the
//! [`Predictor`]; with [`Predictor::Timed`] it is the frame's time step in 4096ths of the step before it. It is 0, which predicts
//! the last value, at and right after a cut (a teleport, for example), and after a step that is much longer than the one before.

use crate::platform::codec::varint::{self, Reader};

/// The factor 1, in the fixed-point format of factors.
const ONE: i64 = 4096;

/// A time step more than this many times as long as the one before it is not extrapolated over.
const MAX_STEP_RATIO: i64 = 16;

/// The largest absolute value in a column: readers that compute in doubles are exact up to it.
pub const BOUND: i64 = 1 << 35;

/// How values are predicted. Stored as its index in [`Predictor::ALL`].
#[derive(Clone, Copy, Debug)]
enum Predictor {
    /// As the last value.
    Last,
    /// As the last value plus the last difference.
    Line,
    /// As the last value plus the last difference, scaled by the ratio of the time steps.
    Timed,
}

impl Predictor {
    const ALL: [Self; 3] = [Self::Last, Self::Line, Self::Timed];
}

/// The factor of each frame, for each predictor.
#[derive(Debug)]
pub struct Factors([Vec<i64>; 3]);

impl Factors {
    /// The factors of frames at these times; `cuts` are the frames that do not continue the one before them.
    pub fn new(t_ms: &[i64], cuts: &[usize]) -> Self {
        let count = t_ms.len();
        let (mut line, mut timed) = (vec![ONE; count], Vec::with_capacity(count));
        let mut before = i64::MAX;
        let steps = t_ms.iter().zip(t_ms.iter().skip(1)).map(|(time, next)| next - time);
        timed.push(0);
        for step in steps {
            // Before the first step `before` is `i64::MAX`, which makes its factor 0.
            timed.push(if step > before.saturating_mul(MAX_STEP_RATIO) { 0 } else { step * ONE / before.max(1) });
            before = step;
        }
        // The frame at a cut and the next one have fewer than two frames to be predicted from; the start counts as a cut.
        let without_history = |cut: usize| [cut, cut + 1];
        for at in without_history(0).into_iter().chain(cuts.iter().flat_map(|cut| without_history(*cut))) {
            for factor in line.get_mut(at).into_iter().chain(timed.get_mut(at)) {
                *factor = 0;
            }
        }
        Self([vec![0; count], line, timed])
    }

    fn of(&self, predictor: Predictor) -> &[i64] {
        let [last, line, timed] = &self.0;
        match predictor {
            Predictor::Last => last,
            Predictor::Line => line,
            Predictor::Timed => timed,
        }
    }
}

/// The prediction from the last value and its difference from the one before, rounded half up.
#[inline]
fn predicted(last: i64, delta: i64, factor: i64) -> i64 {
    last + ((delta * factor + ONE / 2) >> 12)
}

/// The total length in bits of the residuals (value minus prediction).
fn residual_bits(values: &[i64], factors: &[i64]) -> u64 {
    let (mut last, mut delta, mut bits) = (0, 0, 0);
    for (&value, &factor) in values.iter().zip(factors) {
        let residual = value - predicted(last, delta, factor);
        bits += u64::from(u64::BITS - residual.unsigned_abs().leading_zeros());
        (last, delta) = (value, value - last);
    }
    bits
}

/// Writes a column with the predictor that leaves the smallest residuals.
pub fn write(values: &[i64], factors: &Factors, out: &mut Vec<u8>) {
    let best = Predictor::ALL
        .into_iter()
        .zip(0_u8..)
        .min_by_key(|(predictor, _)| residual_bits(values, factors.of(*predictor)));
    let (predictor, code) = best.unwrap_or((Predictor::Last, 0));
    out.push(code);
    let (mut last, mut delta) = (0, 0);
    for (&value, &factor) in values.iter().zip(factors.of(predictor)) {
        varint::put_signed(out, value - predicted(last, delta, factor));
        (last, delta) = (value, value - last);
    }
}

/// Reads a column with as many values as there are frames. `None` if the bytes are damaged or a value exceeds `bound`.
pub fn read(reader: &mut Reader<'_>, factors: &Factors, bound: i64) -> Option<Vec<i64>> {
    let predictor = Predictor::ALL.get(reader.take_within(Predictor::ALL.len())?)?;
    let factors = factors.of(*predictor);
    let mut values = Vec::with_capacity(factors.len());
    let (mut last, mut delta) = (0_i64, 0_i64);
    for &factor in factors {
        let value = predicted(last, delta, factor).checked_add(reader.take_signed()?)?;
        if value.unsigned_abs() > bound.unsigned_abs() {
            return None;
        }
        values.push(value);
        (last, delta) = (value, value - last);
    }
    Some(values)
}

/// Writes a column as the difference of each value from the one before.
pub fn write_differences(values: &[i64], out: &mut Vec<u8>) {
    let mut last = 0;
    for &value in values {
        varint::put_signed(out, value - last);
        last = value;
    }
}

/// Reads what [`write_differences`] wrote. `None` if the bytes are damaged or a value is outside `range`.
pub fn read_differences(
    reader: &mut Reader<'_>,
    count: usize,
    range: std::ops::RangeInclusive<i64>,
) -> Option<Vec<i64>> {
    let mut values = Vec::with_capacity(count);
    let mut last = 0_i64;
    for _ in 0..count {
        last = last.checked_add(reader.take_signed()?).filter(|value| range.contains(value))?;
        values.push(last);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn residuals(values: &[i64], t_ms: &[i64], cuts: &[usize]) -> (u8, Vec<i64>) {
        let mut out = Vec::new();
        write(values, &Factors::new(t_ms, cuts), &mut out);
        let mut reader = Reader::new(&out[1..]);
        (out[0], std::iter::from_fn(|| reader.take_signed()).collect())
    }

    #[test]
    fn movement_is_extrapolated() {
        let steady: Vec<i64> = (0..20).map(|at| at * 100).collect();
        assert_eq!(residuals(&steady, &steady, &[]), (1, [&[0, 100][..], &[0; 18]].concat()));
        // A step that is twice as long moves twice as far.
        assert_eq!(residuals(&[0, 10, 30, 40], &[0, 16, 48, 64], &[]), (2, vec![0, 10, 0, 0]));
        // Nothing is extrapolated across a cut or a long pause.
        let (_, residuals_of_cut) = residuals(&[0, 10, 20, 30, 900, 910, 920], &[0, 1, 2, 3, 4, 5, 6], &[4]);
        assert_eq!(residuals_of_cut, [0, 10, 0, 0, 870, 10, 0]);
        let factors = Factors::new(&[0, 10, 171, 172, 188, 205], &[]);
        assert_eq!(factors.of(Predictor::Timed), [0, 0, 0, 25, 65_536, 4352]);
    }

    proptest! {
        #[test]
        fn columns_come_back(
            steps in prop::collection::vec((1_i64..5000, -BOUND..=BOUND, 0_u32..36), 1..80),
            cuts in prop::collection::btree_set(1_usize..80, 0..5)
        ) {
            let t_ms: Vec<i64> = steps.iter().scan(0, |t, (step, ..)| { *t += step; Some(*t) }).collect();
            let values: Vec<i64> = steps.iter().map(|(_, value, shift)| value >> shift).collect();
            let factors = Factors::new(&t_ms, &cuts.into_iter().collect::<Vec<_>>());
            let mut out = Vec::new();
            write(&values, &factors, &mut out);
            prop_assert_eq!(read(&mut Reader::new(&out), &factors, BOUND).unwrap(), values.clone());
            let mut out = Vec::new();
            write_differences(&values, &mut out);
            prop_assert_eq!(read_differences(&mut Reader::new(&out), values.len(), -BOUND..=BOUND).unwrap(), values);
        }
    }
}
