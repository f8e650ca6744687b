//! How a phantom's frames are packed. Each codec has a tag that is stored beside the bytes; a tag that was given out once
//! is read for ever.
//!
//! | tag | bytes |
//! |---|---|
//! | 1 | the compact JSON of `data`, as raw deflate, behind its length in bytes as four, lowest first |
//! | 2 | columns of integers: see [`packed`]; for frames whose texts are numbers in one style |

mod packed;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

use super::model::Packed;
use crate::platform::codec::deflate::{Compressor, InflateError, inflate};

const DEFLATED_JSON: i16 = 1;
const COLUMNS: i16 = 2;

/// Packs frames, each an array of texts: in columns where that gives back every text byte for byte.
pub fn pack<T: AsRef<str> + Serialize>(frames: &[Vec<T>], compressor: &mut Compressor) -> Packed {
    let (codec, bytes) = packed::pack(frames)
        .map_or_else(|| (DEFLATED_JSON, deflated(frames, compressor)), |columns| (COLUMNS, columns.into()));
    Packed { codec, frames: i32::try_from(frames.len()).unwrap_or(i32::MAX), bytes }
}

fn deflated<T: Serialize>(frames: &[Vec<T>], compressor: &mut Compressor) -> Bytes {
    // Serialising texts can't fail.
    let json = serde_json::to_vec(frames).unwrap_or_default();
    let mut bytes = BytesMut::new();
    bytes.put_u32_le(u32::try_from(json.len()).unwrap_or(u32::MAX));
    bytes.put(compressor.deflate(&json));
    bytes.freeze()
}

/// The compact JSON of the frames again.
///
/// # Errors
/// The bytes are not what that codec makes.
pub fn unpack(codec: i16, bytes: &[u8]) -> Result<Bytes, InflateError> {
    match (codec, bytes.split_first_chunk::<4>()) {
        (DEFLATED_JSON, Some((length, deflated))) => {
            inflate(deflated, usize::try_from(u32::from_le_bytes(*length)).map_err(|_| InflateError::Corrupt)?)
        }
        (COLUMNS, Some(_)) => packed::unpack(bytes).ok_or(InflateError::Corrupt),
        _ => Err(InflateError::Corrupt),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made once by each codec, from the JSON beside it; must be readable for ever.
    const FIXTURES: [(i16, &[u8], &[u8]); 2] = [
        (
            DEFLATED_JSON,
            include_bytes!("../../../tests/fixtures/recording-1.bin"),
            include_bytes!("../../../tests/fixtures/recording-1.json"),
        ),
        (
            COLUMNS,
            include_bytes!("../../../tests/fixtures/recording-2.bin"),
            include_bytes!("../../../tests/fixtures/recording-2.json"),
        ),
    ];

    fn frames(json: &[u8]) -> Vec<Vec<String>> {
        serde_json::from_slice(json).unwrap()
    }

    #[test]
    fn what_was_packed_once_is_read_for_ever() {
        for (codec, bytes, json) in FIXTURES {
            assert_eq!(unpack(codec, bytes).unwrap(), json, "codec {codec}");
        }
    }

    #[test]
    fn each_codec_takes_what_is_its_own() {
        for (codec, _, json) in FIXTURES {
            let packed = pack(&frames(json), &mut Compressor::default());
            assert_eq!(packed.codec, codec);
            assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), json);
        }
    }

    #[test]
    fn what_no_codec_made_is_corrupt() {
        for (codec, bytes) in
            [(1, &b""[..]), (1, b"abc"), (1, b"\xff\xff\xff\x00abc"), (9, FIXTURES[0].1), (2, b"abcd")]
        {
            assert_eq!(unpack(codec, bytes), Err(InflateError::Corrupt));
        }
        let (_, columns, _) = FIXTURES[1];
        for length in 0..columns.len() {
            assert_eq!(unpack(COLUMNS, &columns[..length]), Err(InflateError::Corrupt), "cut at {length}");
        }
    }

    proptest! {
        #[test]
        fn whatever_was_sent_comes_back(
            frames in prop::collection::vec(prop::collection::vec("(-?[0-9]{1,3}(\\.[0-9]{1,3})?,?){1,3}|.{0,5}", 0..3), 0..8)
        ) {
            let packed = pack(&frames, &mut Compressor::default());
            prop_assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), serde_json::to_vec(&frames).unwrap());
        }

        #[test]
        fn runs_of_numbers_are_packed_in_columns(
            run in prop::collection::vec((prop::array::uniform3(-1e4_f64..1e4), prop::array::uniform4(-1.0_f64..1.0)), 1..70)
        ) {
            let text = |numbers: &[f64]| numbers.iter().map(|number| format!("{number:.6}")).collect::<Vec<_>>().join(",");
            let frames: Vec<Vec<String>> = run.iter().map(|(pos, rot)| vec![text(pos), text(rot)]).collect();
            let packed = pack(&frames, &mut Compressor::default());
            prop_assert_eq!(packed.codec, COLUMNS);
            prop_assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), serde_json::to_vec(&frames).unwrap());
        }

        #[test]
        fn damaged_columns_do_no_harm(at in 5_usize..60, bit in 0_u32..8) {
            let mut bytes = FIXTURES[1].1.to_vec();
            let at = at % bytes.len();
            if at > 3 {
                bytes[at] ^= 1_u8 << bit;
            }
            let _whatever = unpack(COLUMNS, &bytes);
        }
    }
}
