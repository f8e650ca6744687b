//! How a phantom's frames are packed. Each codec has a tag that is stored beside the bytes; a tag that was given out once
//! is read for ever.
//!
//! | tag | bytes |
//! |---|---|
//! | 1 | the compact JSON of `data`, as raw deflate, behind its length in bytes as four, lowest first |

use bytes::{BufMut, Bytes, BytesMut};

use super::model::Packed;
use crate::platform::codec::deflate::{Compressor, InflateError, inflate};

const DEFLATED_JSON: i16 = 1;

/// Packs the compact JSON of `data`, an array of `frames` arrays of strings.
pub fn pack(json: &[u8], frames: usize, compressor: &mut Compressor) -> Packed {
    let mut bytes = BytesMut::new();
    bytes.put_u32_le(u32::try_from(json.len()).unwrap_or(u32::MAX));
    bytes.put(compressor.deflate(json));
    Packed { codec: DEFLATED_JSON, frames: i32::try_from(frames).unwrap_or(i32::MAX), bytes: bytes.freeze() }
}

/// The JSON of `data` again.
///
/// # Errors
/// The bytes are not what that codec makes.
pub fn unpack(codec: i16, bytes: &[u8]) -> Result<Bytes, InflateError> {
    match (codec, bytes.split_first_chunk::<4>()) {
        (DEFLATED_JSON, Some((length, deflated))) => {
            inflate(deflated, usize::try_from(u32::from_le_bytes(*length)).map_err(|_| InflateError::Corrupt)?)
        }
        _ => Err(InflateError::Corrupt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made once by codec 1, from the JSON beside it; must be readable for ever.
    const FIXTURE: (&[u8], &[u8]) = (
        include_bytes!("../../../tests/fixtures/recording-1.bin"),
        include_bytes!("../../../tests/fixtures/recording-1.json"),
    );

    #[test]
    fn what_was_packed_once_is_read_for_ever() {
        assert_eq!(unpack(1, FIXTURE.0).unwrap(), FIXTURE.1);
    }

    #[test]
    fn packing_gives_back_the_same_bytes() {
        let packed = pack(FIXTURE.1, 3, &mut Compressor::default());
        assert_eq!(unpack(packed.codec, &packed.bytes).unwrap(), FIXTURE.1);
        assert_eq!(packed.frames, 3);
    }

    #[test]
    fn what_no_codec_made_is_corrupt() {
        for (codec, bytes) in [(1, &b""[..]), (1, b"abc"), (1, b"\xff\xff\xff\x00abc"), (9, FIXTURE.0)] {
            assert_eq!(unpack(codec, bytes), Err(InflateError::Corrupt));
        }
    }
}
