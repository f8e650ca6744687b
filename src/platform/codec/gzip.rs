//! Reading gzip as gzip(1) reads it: members one after another, and zeros after the last one, with which some devices and
//! archivers fill up a block. Anything else after a member is an error, which comes when all before it has been read.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first byte of every member (RFC 1952).
const MAGIC: u8 = 0x1f;

/// A reader of what is compressed in `R`.
#[derive(Debug)]
pub struct GzipReader<R>(Option<GzDecoder<R>>);

impl<R: BufRead> GzipReader<R> {
    /// A reader of what is compressed in `raw`.
    pub fn new(raw: R) -> Self {
        Self(Some(GzDecoder::new(raw)))
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let length = member.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            self.0 = self.0.take().map(GzDecoder::into_inner).map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// The member after padding, if there is one.
fn next_member<R: BufRead>(mut raw: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        let piece = raw.fill_buf()?;
        if piece.is_empty() {
            return Ok(None);
        }
        let padding = piece.iter().take_while(|byte| **byte == 0).count();
        match piece.get(padding) {
            None => raw.consume(padding),
            Some(&MAGIC) => {
                raw.consume(padding);
                return Ok(Some(GzDecoder::new(raw)));
            }
            Some(_) => {
                let error = "something that is not gzip follows the compressed data";
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// What is read, and whether an error follows.
    fn read(raw: &[u8]) -> (String, bool) {
        let mut text = Vec::new();
        // Small pieces, so that padding and members begin in the middle of one.
        let failed = GzipReader::new(io::BufReader::with_capacity(7, raw)).read_to_end(&mut text).is_err();
        (String::from_utf8(text).unwrap(), failed)
    }

    #[test]
    fn members_and_padding_are_read_and_what_is_neither_is_an_error_after_them() {
        let (ab, c) = (gzip("ab"), gzip("c"));
        for (raw, expected) in [
            (ab.clone(), ("ab", false)),
            ([&ab[..], &c].concat(), ("abc", false)),
            ([&ab[..], &[0; 8]].concat(), ("ab", false)),
            ([&ab[..], &[0; 512], &c, &[0]].concat(), ("abc", false)),
            ([&ab[..], b"\0\0tail"].concat(), ("ab", true)),
            ([&ab[..], b"\x1f"].concat(), ("ab", true)),
            ([&ab[..], &c[..c.len() - 1]].concat(), ("abc", true)),
            (Vec::new(), ("", true)),
            (vec![0; 20], ("", true)),
            (b"ab".to_vec(), ("", true)),
        ] {
            let (text, failed) = read(&raw);
            assert_eq!((text.as_str(), failed), expected, "{}", raw.escape_ascii());
        }
    }
}
