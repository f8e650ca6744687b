//! The codecs of v0 recordings. Each codec has a tag that is stored beside the bytes; every tag that was ever stored stays readable.
//!
//! Frames have two forms: that of v0 clients, where each frame is an array of texts (`["x,y,z","x,y,z,w"]`), returned byte for byte;
//! and runs, where each frame is eight numbers (time, position, rotation), returned number for number.
//!
//! | tag | frames | bytes |
//! |---|---|---|
//! | 1 | texts | the length of their compact JSON in bytes (u32, little-endian), then the JSON as raw deflate |
//! | 2 | texts | columns of integers: see `columns`; for frames whose texts are numbers in one style |
//! | 3 | a run | as 2, of the texts `t`, `x,y,z` and `x,y,z,w`; for numbers of at most 15 digits |
//! | 4 | a run | as 1, of the numbers |
//! | 5 | a `/v1` recording | [`recordings`] packs and reads it: docs/recording-format.md |

mod columns;
mod frames;

use std::fmt::Write;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde_json::value::RawValue;

use self::columns::Form;
pub use self::frames::Frames;
use super::Packed;
use crate::{
    platform::codec::{
        deflate::{Compressor, InflateError, inflate},
        hex, json,
    },
    traces::recordings,
};

const TEXTS_DEFLATED: i16 = 1;
const TEXTS_COLUMNS: i16 = 2;
const RUN_COLUMNS: i16 = 3;
const RUN_DEFLATED: i16 = 4;

/// A frame of a run: time in seconds, position, and rotation as a quaternion.
pub type Frame = [f64; 8];

/// Packs frames of texts: in columns where every text can be restored byte for byte.
pub fn pack<T: AsRef<str> + Serialize>(frames: &Frames<T>, compressor: &mut Compressor) -> Packed {
    let columns = columns::pack(frames).map(|columns| (TEXTS_COLUMNS, columns.into()));
    as_packed(frames.count(), columns.unwrap_or_else(|| (TEXTS_DEFLATED, deflated(frames, compressor))))
}

/// Packs a run: in columns where its numbers have at most 15 digits.
pub fn pack_run(frames: &[Frame], compressor: &mut Compressor) -> Packed {
    let joined = |numbers: &[f64]| {
        let mut text = String::new();
        for number in numbers {
            // Rust prints the shortest decimals that read back as the same number, without exponents. Writing to a
            // text can't fail.
            let _written = write!(text, "{}{number}", if text.is_empty() { "" } else { "," });
        }
        text
    };
    let texts =
        |&[t, x, y, z, qx, qy, qz, qw]: &Frame| vec![joined(&[t]), joined(&[x, y, z]), joined(&[qx, qy, qz, qw])];
    let texts: Frames<String> = frames.iter().map(texts).collect();
    let columns = columns::pack(&texts).map(|columns| (RUN_COLUMNS, columns.into()));
    as_packed(frames.len(), columns.unwrap_or_else(|| (RUN_DEFLATED, deflated(&frames, compressor))))
}

fn as_packed(frames: usize, (codec, bytes): (i16, Bytes)) -> Packed {
    Packed { codec, frames: i32::try_from(frames).unwrap_or(i32::MAX), bytes }
}

fn deflated(frames: &impl Serialize, compressor: &mut Compressor) -> Bytes {
    // Serialising texts and finite numbers can't fail.
    let json = serde_json::to_vec(frames).unwrap_or_default();
    let mut bytes = BytesMut::new();
    bytes.put_u32_le(u32::try_from(json.len()).unwrap_or(u32::MAX));
    bytes.put(compressor.deflate(&json));
    bytes.freeze()
}

fn inflated(bytes: &[u8]) -> Result<Bytes, InflateError> {
    let (length, deflated) = bytes.split_first_chunk::<4>().ok_or(InflateError::Corrupt)?;
    inflate(deflated, usize::try_from(u32::from_le_bytes(*length)).map_err(|_| InflateError::Corrupt)?)
}

/// The frames in the form of v0 clients, as compact JSON; those of a run without their times.
///
/// # Errors
/// The bytes are not of that codec.
pub fn unpack(codec: i16, bytes: &[u8]) -> Result<Bytes, InflateError> {
    match codec {
        TEXTS_DEFLATED => inflated(bytes),
        TEXTS_COLUMNS => columns::unpack(bytes, Form::Texts { skip: 0 }).ok_or(InflateError::Corrupt),
        RUN_COLUMNS => columns::unpack(bytes, Form::Texts { skip: 1 }).ok_or(InflateError::Corrupt),
        RUN_DEFLATED => {
            let json = inflated(bytes)?;
            let frames: Vec<[&RawValue; 8]> = json::slow(&json).map_err(|_| InflateError::Corrupt)?;
            let texts =
                |[_, x, y, z, qx, qy, qz, qw]: [&RawValue; 8]| [format!("{x},{y},{z}"), format!("{qx},{qy},{qz},{qw}")];
            let texts: Vec<[String; 2]> = frames.into_iter().map(texts).collect();
            Ok(serde_json::to_vec(&texts).unwrap_or_default().into())
        }
        recordings::CODEC => recordings::v0_frames(bytes).ok_or(InflateError::Corrupt),
        _ => Err(InflateError::Corrupt),
    }
}

/// The recording in the native form of imports and exports: `{"data":…}` for texts, `{"frames":…}` for a run, and `{"packed":…}` for a
/// `/v1` recording, whose bytes hold more than frames.
///
/// # Errors
/// The bytes are not of that codec.
pub fn print(codec: i16, bytes: &[u8]) -> Result<String, InflateError> {
    let (name, frames) = match codec {
        RUN_COLUMNS => ("frames", columns::unpack(bytes, Form::Numbers).ok_or(InflateError::Corrupt)?),
        RUN_DEFLATED => ("frames", inflated(bytes)?),
        recordings::CODEC => return Ok(format!(r#"{{"packed":"{}"}}"#, hex::of_bytes(bytes))),
        _ => ("data", unpack(codec, bytes)?),
    };
    let frames = std::str::from_utf8(&frames).map_err(|_| InflateError::Corrupt)?;
    Ok(format!(r#"{{"{name}":{frames}}}"#))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made once by each codec from the native form beside it. They must stay readable.
    const FIXTURES: [(i16, &[u8], &str); 4] = [
        (
            TEXTS_DEFLATED,
            include_bytes!("../../../tests/fixtures/recording-1.bin"),
            include_str!("../../../tests/fixtures/recording-1.json"),
        ),
        (
            TEXTS_COLUMNS,
            include_bytes!("../../../tests/fixtures/recording-2.bin"),
            include_str!("../../../tests/fixtures/recording-2.json"),
        ),
        (
            RUN_COLUMNS,
            include_bytes!("../../../tests/fixtures/recording-3.bin"),
            include_str!("../../../tests/fixtures/recording-3.json"),
        ),
        (
            RUN_DEFLATED,
            include_bytes!("../../../tests/fixtures/recording-4.bin"),
            include_str!("../../../tests/fixtures/recording-4.json"),
        ),
    ];

    /// The frames of the native form, packed.
    fn packed_again(native: &str) -> Packed {
        let recording: serde_json::Value = serde_json::from_str(native).unwrap();
        let mut compressor = Compressor::default();
        if recording["data"].is_null() {
            let frames: Vec<Frame> = serde_json::from_value(recording["frames"].clone()).unwrap();
            pack_run(&frames, &mut compressor)
        } else {
            let frames: Frames<String> = serde_json::from_value(recording["data"].clone()).unwrap();
            pack(&frames, &mut compressor)
        }
    }

    #[test]
    fn stored_recordings_stay_readable() {
        for (codec, bytes, native) in FIXTURES {
            assert_eq!(print(codec, bytes).unwrap(), native, "codec {codec}");
        }
    }

    #[test]
    fn each_form_of_frames_is_packed_by_its_codec() {
        for (codec, _, native) in FIXTURES {
            let packed = packed_again(native);
            assert_eq!(packed.codec, codec);
            assert_eq!(print(packed.codec, &packed.bytes).unwrap(), native);
        }
    }

    #[test]
    fn v0_clients_get_a_run_without_its_times() {
        for (codec, bytes, native) in FIXTURES.into_iter().skip(2) {
            let shown: Vec<[String; 2]> = serde_json::from_slice(&unpack(codec, bytes).unwrap()).unwrap();
            let native: serde_json::Value = serde_json::from_str(native).unwrap();
            let frames: Vec<Frame> = serde_json::from_value(native["frames"].clone()).unwrap();
            let numbers = |text: &String| text.split(',').map(|number| number.parse().unwrap()).collect::<Vec<f64>>();
            let shown: Vec<Vec<f64>> = shown.iter().map(|texts| texts.iter().flat_map(numbers).collect()).collect();
            assert_eq!(shown, frames.iter().map(|frame| frame[1..].to_vec()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn bytes_of_no_codec_are_corrupt() {
        for (codec, bytes) in
            [(1, &b""[..]), (1, b"abc"), (1, b"\xff\xff\xff\x00abc"), (9, FIXTURES[0].1), (2, b"abcd")]
        {
            assert_eq!(unpack(codec, bytes), Err(InflateError::Corrupt));
        }
        let (_, columns, _) = FIXTURES[1];
        for length in 0..columns.len() {
            assert_eq!(unpack(TEXTS_COLUMNS, &columns[..length]), Err(InflateError::Corrupt), "cut at {length}");
        }
    }

    proptest! {
        #[test]
        fn frames_are_returned_as_they_were_sent(
            frames in prop::collection::vec(prop::collection::vec("(-?[0-9]{1,3}(\\.[0-9]{1,3})?,?){1,3}|.{0,5}", 0..3), 0..8)
        ) {
            let packed = pack(&frames.iter().cloned().collect(), &mut Compressor::default());
            prop_assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), serde_json::to_vec(&frames).unwrap());
        }

        #[test]
        fn runs_of_numbers_are_packed_in_columns(
            run in prop::collection::vec((prop::array::uniform3(-1e4_f64..1e4), prop::array::uniform4(-1.0_f64..1.0)), 1..70)
        ) {
            let text = |numbers: &[f64]| numbers.iter().map(|number| format!("{number:.6}")).collect::<Vec<_>>().join(",");
            let frames: Vec<Vec<String>> = run.iter().map(|(pos, rot)| vec![text(pos), text(rot)]).collect();
            let packed = pack(&frames.iter().cloned().collect(), &mut Compressor::default());
            prop_assert_eq!(packed.codec, TEXTS_COLUMNS);
            prop_assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), serde_json::to_vec(&frames).unwrap());
        }

        #[test]
        fn damaged_columns_do_no_harm(at in 5_usize..60, bit in 0_u32..8) {
            let mut bytes = FIXTURES[1].1.to_vec();
            let at = at % bytes.len();
            if at > 3 {
                bytes[at] ^= 1_u8 << bit;
            }
            let _outcome = unpack(TEXTS_COLUMNS, &bytes);
        }
    }
}
