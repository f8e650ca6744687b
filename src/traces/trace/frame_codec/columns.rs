//! Codec 2: frames whose texts are numbers, as integers in columns.
//!
//! All numbers are little-endian: the number of frames (4 bytes); the number of texts in a frame (1), and for each the
//! number of its numbers (1). Then, for each column, its style (2, see `platform::codec::decimal`) and how often
//! differences were taken (1: 0 to 2). Then the columns' integers in Rice codes, one column after the other. All frames
//! must have one shape, and the numbers of a column one style; other frames are left to codec 1.

use bytes::{Buf, Bytes};

use crate::{
    platform::codec::{
        decimal::{Column, Style, read_list},
        rice::{Reader, Writer},
    },
    traces::trace::frame_codec::frames::Frames,
};

/// Packs frames; `None` where they do not fit this codec.
pub fn pack<T: AsRef<str>>(frames: &Frames<T>) -> Option<Vec<u8>> {
    let mut following = frames.iter();
    let first = following.next()?;
    let (mut columns, mut counts) = (Vec::new(), Vec::with_capacity(first.len()));
    for text in first {
        let count = read_list(text.as_ref().as_bytes(), |number| {
            let mut column = Column::with_capacity(frames.count());
            column.push(number);
            columns.push(column);
            Some(())
        });
        counts.push(count?);
    }
    if columns.is_empty() {
        return None;
    }
    for frame in following {
        if frame.len() != counts.len() {
            return None;
        }
        let mut columns = columns.iter_mut();
        for (text, &count) in frame.iter().zip(&counts) {
            let read = read_list(text.as_ref().as_bytes(), |number| columns.next().map(|column| column.push(number)));
            if read? != count {
                return None;
            }
        }
    }
    let mut out = u32::try_from(frames.count()).ok()?.to_le_bytes().to_vec();
    out.push(u8::try_from(counts.len()).ok()?);
    for count in counts {
        out.push(u8::try_from(count).ok()?);
    }
    let mut writer = Writer::default();
    for column in &columns {
        let (style, mut integers) = column.integers()?;
        let times = smoothest(&integers);
        for _ in 0..times {
            differences(&mut integers);
        }
        out.extend(style.to_bytes());
        out.push(times);
        writer.integers(&integers);
    }
    out.extend(writer.finish());
    Some(out)
}

/// How often to take differences so that the integers become shortest: 0 to 2.
fn smoothest(integers: &[i64]) -> u8 {
    let length = |integer: i64| u64::from(u64::BITS - integer.unsigned_abs().leading_zeros());
    let (mut before, mut once_before) = (0_i64, 0_i64);
    let (mut plain, mut once_taken, mut twice_taken) = (0, 0, 0);
    for &integer in integers {
        let once = integer.wrapping_sub(before);
        plain += length(integer);
        once_taken += length(once);
        twice_taken += length(once.wrapping_sub(once_before));
        (before, once_before) = (integer, once);
    }
    [(0, plain), (1, once_taken), (2, twice_taken)]
        .into_iter()
        .min_by_key(|(_, bits)| *bits)
        .map_or(0, |(times, _)| times)
}

fn differences(integers: &mut [i64]) {
    let mut before = 0;
    for integer in integers {
        let here = *integer;
        *integer = here.wrapping_sub(before);
        before = here;
    }
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

/// The compact JSON of the frames; `None` where the bytes are not of [`pack`].
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
