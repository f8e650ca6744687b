//! One column of integers, as what is left of each when what the two before it promise is taken away.
//!
//! Something that moves goes on moving, so each value is foretold from the last two by how far the time reaches: the
//! *reach* of a frame is its time step in 4096ths of the step before it. Nothing is foretold across a cut (a teleport, say),
//! nor over a step that is much longer than the one before it.

use crate::platform::codec::varint::{self, Reader};

/// A reach of one step.
const ONE: i64 = 4096;

/// A step this many times as long as the one before it follows from nothing.
const LONGEST: i64 = 16;

/// Beyond this many steps no value lies: readers whose numbers are doubles can then reckon exactly.
pub const BOUND: i64 = 1 << 35;

/// By what values are foretold: its place is its code.
#[derive(Clone, Copy, Debug)]
enum Predictor {
    /// Each is as the last.
    Last,
    /// Each goes on from the last two, frame by frame.
    Line,
    /// Each goes on from the last two as the time does.
    Timed,
}

impl Predictor {
    const ALL: [Self; 3] = [Self::Last, Self::Line, Self::Timed];
}

/// How far each frame reaches, by each predictor.
#[derive(Debug)]
pub struct Reaches([Vec<i64>; 3]);

impl Reaches {
    /// Of frames at those times, with cuts before these.
    pub fn new(t_ms: &[i64], cuts: &[usize]) -> Self {
        let count = t_ms.len();
        let (mut line, mut timed) = (vec![ONE; count], Vec::with_capacity(count));
        let mut before = i64::MAX;
        let steps = t_ms.iter().zip(t_ms.iter().skip(1)).map(|(one, next)| next - one);
        timed.push(0);
        for step in steps {
            // The first step is shorter than the one that is not there: it reaches nowhere.
            timed.push(if step > before.saturating_mul(LONGEST) { 0 } else { step * ONE / before.max(1) });
            before = step;
        }
        // The first two frames have no two before them; behind a cut there is one only.
        let cut = |at: usize| [at, at + 1];
        for at in cut(0).into_iter().chain(cuts.iter().flat_map(|at| cut(*at))) {
            for reach in line.get_mut(at).into_iter().chain(timed.get_mut(at)) {
                *reach = 0;
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

/// What is foretold from the last value, its difference from the one before it, and the reach.
#[inline]
fn foretold(last: i64, moved: i64, reach: i64) -> i64 {
    last + ((moved * reach + ONE / 2) >> 12)
}

/// How long the integers are that are left over, in bits.
fn length(values: &[i64], reaches: &[i64]) -> u64 {
    let (mut last, mut moved, mut bits) = (0, 0, 0);
    for (&value, &reach) in values.iter().zip(reaches) {
        let left = value - foretold(last, moved, reach);
        bits += u64::from(u64::BITS - left.unsigned_abs().leading_zeros());
        (last, moved) = (value, value - last);
    }
    bits
}

/// Writes a column by the predictor that leaves least.
pub fn write(values: &[i64], reaches: &Reaches, out: &mut Vec<u8>) {
    let best = Predictor::ALL.into_iter().zip(0_u8..).min_by_key(|(one, _)| length(values, reaches.of(*one)));
    let (predictor, code) = best.unwrap_or((Predictor::Last, 0));
    out.push(code);
    let (mut last, mut moved) = (0, 0);
    for (&value, &reach) in values.iter().zip(reaches.of(predictor)) {
        varint::put_signed(out, value - foretold(last, moved, reach));
        (last, moved) = (value, value - last);
    }
}

/// Reads a column as long as the reaches; none where there is none, or a value lies beyond the bound.
pub fn read(reader: &mut Reader<'_>, reaches: &Reaches, bound: i64) -> Option<Vec<i64>> {
    let predictor = Predictor::ALL.get(reader.take_within(Predictor::ALL.len())?)?;
    let reaches = reaches.of(*predictor);
    let mut values = Vec::with_capacity(reaches.len());
    let (mut last, mut moved) = (0_i64, 0_i64);
    for &reach in reaches {
        let value = foretold(last, moved, reach).checked_add(reader.take_signed()?)?;
        if value.unsigned_abs() > bound.unsigned_abs() {
            return None;
        }
        values.push(value);
        (last, moved) = (value, value - last);
    }
    Some(values)
}

/// Writes a column in which each value follows from the last alone.
pub fn write_differences(values: &[i64], out: &mut Vec<u8>) {
    let mut last = 0;
    for &value in values {
        varint::put_signed(out, value - last);
        last = value;
    }
}

/// Reads what [`write_differences`] wrote; none where a value is not within `range`.
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

    fn left_over(values: &[i64], t_ms: &[i64], cuts: &[usize]) -> (u8, Vec<i64>) {
        let mut out = Vec::new();
        write(values, &Reaches::new(t_ms, cuts), &mut out);
        let mut reader = Reader::new(&out[1..]);
        (out[0], std::iter::from_fn(|| reader.take_signed()).collect())
    }

    #[test]
    fn what_moves_goes_on_moving() {
        let steady: Vec<i64> = (0..20).map(|at| at * 100).collect();
        assert_eq!(left_over(&steady, &steady, &[]), (1, [&[0, 100][..], &[0; 18]].concat()));
        // Twice as long a step, twice as far.
        assert_eq!(left_over(&[0, 10, 30, 40], &[0, 16, 48, 64], &[]), (2, vec![0, 10, 0, 0]));
        // Nothing follows across a cut, nor over a long pause.
        let (_, left) = left_over(&[0, 10, 20, 30, 900, 910, 920], &[0, 1, 2, 3, 4, 5, 6], &[4]);
        assert_eq!(left, [0, 10, 0, 0, 870, 10, 0]);
        let reaches = Reaches::new(&[0, 10, 171, 172, 188, 205], &[]);
        assert_eq!(reaches.of(Predictor::Timed), [0, 0, 0, 25, 65_536, 4352]);
    }

    proptest! {
        #[test]
        fn columns_come_back(
            steps in prop::collection::vec((1_i64..5000, -BOUND..=BOUND, 0_u32..36), 1..80),
            cuts in prop::collection::btree_set(1_usize..80, 0..5)
        ) {
            let t_ms: Vec<i64> = steps.iter().scan(0, |t, (step, ..)| { *t += step; Some(*t) }).collect();
            let values: Vec<i64> = steps.iter().map(|(_, value, shift)| value >> shift).collect();
            let reaches = Reaches::new(&t_ms, &cuts.into_iter().collect::<Vec<_>>());
            let mut out = Vec::new();
            write(&values, &reaches, &mut out);
            prop_assert_eq!(read(&mut Reader::new(&out), &reaches, BOUND).unwrap(), values.clone());
            let mut out = Vec::new();
            write_differences(&values, &mut out);
            prop_assert_eq!(read_differences(&mut Reader::new(&out), values.len(), -BOUND..=BOUND).unwrap(), values);
        }
    }
}
