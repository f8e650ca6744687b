//! Codec 2: frames whose texts are numbers, as integers in columns.
//!
//! All numbers are little-endian: the number of frames (4 bytes); the number of texts in a frame (1), and for each the
//! number of its numbers (1). Then, for each column, its style (2, see `platform::codec::decimal`) and how often
//! differences were taken (1: 0 to 2). Then the columns' integers in Rice codes, one column after the other. Frames of one
//! shape, numbers of one style in each column; what is not so is left to codec 1.

use bytes::{Buf, Bytes};

use crate::platform::codec::{
    decimal::Style,
    rice::{Reader, Writer},
};

/// Packs frames; none when a text is no such number.
pub fn pack<T: AsRef<str>>(frames: &[Vec<T>]) -> Option<Vec<u8>> {
    let first = frames.first()?;
    let counts: Vec<usize> = first.iter().map(|text| text.as_ref().split(',').count()).collect();
    let columns: usize = counts.iter().sum();
    let mut texts: Vec<&str> = Vec::with_capacity(frames.len() * columns);
    for frame in frames {
        let before = texts.len();
        for (text, &count) in frame.iter().zip(&counts) {
            let start = texts.len();
            texts.extend(text.as_ref().split(','));
            if texts.len() - start != count {
                return None;
            }
        }
        if frame.len() != counts.len() || texts.len() - before != columns {
            return None;
        }
    }
    if columns == 0 {
        return None;
    }
    let mut out = u32::try_from(frames.len()).ok()?.to_le_bytes().to_vec();
    out.push(u8::try_from(counts.len()).ok()?);
    for count in counts {
        out.push(u8::try_from(count).ok()?);
    }
    let mut writer = Writer::default();
    for column in 0..columns {
        let (style, integers) = Style::of(texts.iter().skip(column).step_by(columns).copied())?;
        let (times, differences) = smoothest(integers);
        out.extend(style.to_bytes());
        out.push(times);
        writer.integers(&differences);
    }
    out.extend(writer.finish());
    Some(out)
}

/// The differences, taken as often as makes them shortest, and how often that was.
fn smoothest(integers: Vec<i64>) -> (u8, Vec<i64>) {
    let bits = |integers: &[i64]| -> u32 {
        integers.iter().map(|integer| u64::BITS - integer.unsigned_abs().leading_zeros()).sum()
    };
    let once = differences(&integers);
    let twice = differences(&once);
    [(0, integers), (1, once), (2, twice)].into_iter().min_by_key(|(_, integers)| bits(integers)).unwrap_or_default()
}

fn differences(integers: &[i64]) -> Vec<i64> {
    let mut before = 0;
    integers.iter().map(|&integer| integer.wrapping_sub(std::mem::replace(&mut before, integer))).collect()
}

fn sums(integers: &mut [i64]) {
    let mut before = 0_i64;
    for integer in integers {
        before = before.wrapping_add(*integer);
        *integer = before;
    }
}

/// How unpacked frames are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As arrays of texts, without the first `skip` of each.
    Texts { skip: usize },
    /// As arrays of numbers.
    Numbers,
}

/// The compact JSON of the frames; none when the bytes are not what [`pack`] makes.
pub fn unpack(mut bytes: &[u8], form: Form) -> Option<Bytes> {
    let frames = usize::try_from(bytes.try_get_u32_le().ok()?).ok()?;
    let texts = usize::from(bytes.try_get_u8().ok()?);
    let (counts, mut rest) = bytes.split_at_checked(texts)?;
    let columns: usize = counts.iter().map(|&count| usize::from(count)).sum();
    if columns == 0 {
        return None;
    }
    let mut styles = Vec::with_capacity(columns);
    for _ in 0..columns {
        let (&[decimals, flags, times], after) = rest.split_first_chunk::<3>()?;
        styles.push((Style::of_bytes([decimals, flags])?, times));
        rest = after;
    }
    let mut reader = Reader::new(rest);
    let mut of_columns = Vec::with_capacity(columns);
    for (style, times) in styles {
        let mut integers = reader.integers(frames)?;
        for _ in 0..times.min(2) {
            sums(&mut integers);
        }
        of_columns.push((style, integers.into_iter()));
    }
    let (skip, quote) = match form {
        Form::Texts { skip } => (skip, &b"\""[..]),
        Form::Numbers => (0, &b""[..]),
    };
    let mut out = Vec::with_capacity(frames * columns * 10);
    for frame in 0..frames {
        out.extend(if frame == 0 { b"[[" } else { b",[" });
        let mut columns = of_columns.iter_mut();
        for (position, &count) in counts.iter().enumerate() {
            if position < skip {
                for _ in 0..count {
                    columns.next()?.1.next()?;
                }
                continue;
            }
            if position > skip {
                out.push(b',');
            }
            out.extend(quote);
            for number in 0..count {
                if number > 0 {
                    out.push(b',');
                }
                let (style, integers) = columns.next()?;
                style.write(integers.next()?, &mut out);
            }
            out.extend(quote);
        }
        out.push(b']');
    }
    out.push(b']');
    Some(out.into())
}
