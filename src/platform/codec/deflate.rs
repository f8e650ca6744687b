//! Deflate (RFC 1951), zlib (RFC 1950) and gzip (RFC 1952).
//!
//! A snapshot's gzip body is joined from [`Segment`]s that are compressed once: each is raw deflate that ends with a
//! sync flush, hence on a byte boundary, and refers to nothing before it. Stored blocks go between them; the checksums
//! are combined, so joining never reads the bytes again.

mod encoder;
mod huffman;

use std::{borrow::BorrowMut, io::Read};

use bytes::{BufMut, Bytes, BytesMut};
use deadpool::managed;
use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::gzip::GzipReader;

/// Level 6: measured within 2 % of level 9's size in less than half its time.
const LEVEL: u32 = 6;

/// Creates the compressors of a pool, each with about 300 KB of state.
#[derive(Debug)]
pub struct Compressors;

impl managed::Manager for Compressors {
    type Type = Compressor;
    type Error = std::convert::Infallible;

    async fn create(&self) -> Result<Compressor, Self::Error> {
        Ok(Compressor::default())
    }

    async fn recycle(&self, _: &mut Compressor, _: &managed::Metrics) -> managed::RecycleResult<Self::Error> {
        // Every use begins with a reset.
        Ok(())
    }
}

/// The pool of compressors.
pub type Pool = managed::Pool<Compressors>;

/// A compressor of the pool, returned to it when dropped.
pub type Pooled = managed::Object<Compressors>;

/// A pool of `at_once` compressors.
///
/// # Errors
/// Never with the settings used here; the pool's builder has an error type for others.
pub fn pool(at_once: usize) -> Result<Pool, managed::BuildError> {
    Pool::builder(Compressors).max_size(at_once).build()
}

/// What a segment's bytes mostly are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Anything.
    Text,
    /// Numbers, as a recording's are.
    Numbers,
}

/// Reusable deflate states.
#[derive(Debug)]
pub struct Compressor {
    any: Compress,
    numbers: encoder::Encoder,
}

impl Default for Compressor {
    fn default() -> Self {
        Self { any: Compress::new(Compression::new(LEVEL), false), numbers: encoder::Encoder::default() }
    }
}

impl Compressor {
    /// Compresses `raw` into a segment.
    pub fn segment(&mut self, raw: Bytes, content: Content) -> Segment {
        let deflated = match content {
            Content::Text => self.run(&raw, FlushCompress::Sync),
            Content::Numbers => self.numbers.encode(&raw).into(),
        };
        Segment::from_parts(raw, deflated)
    }

    /// `raw` as a complete deflate stream.
    pub fn deflate(&mut self, raw: &[u8]) -> Bytes {
        self.run(raw, FlushCompress::Finish)
    }

    /// Text of numbers as a zlib stream; the output is the same on every machine.
    pub fn zlib(&mut self, raw: &[u8]) -> Vec<u8> {
        // Deflate with a window of 32 KiB; no dictionary; the lowest of four levels, which decoders ignore.
        let mut out = vec![0x78, 0x01];
        out.extend(self.numbers.encode(raw));
        out.extend(LAST_BLOCK);
        out.extend(adler32(raw).to_be_bytes());
        out
    }

    fn run(&mut self, raw: &[u8], flush: FlushCompress) -> Bytes {
        self.any.reset();
        let mut out = Vec::with_capacity(raw.len() / 3 + 64);
        loop {
            let read = usize::try_from(self.any.total_in()).unwrap_or(usize::MAX);
            let status = self.any.compress_vec(raw.get(read..).unwrap_or_default(), &mut out, flush);
            // Unused capacity means that all output, the flush included, has been written.
            if matches!(status, Ok(Status::StreamEnd) | Err(_)) || out.len() < out.capacity() {
                return out.into();
            }
            out.reserve(out.capacity());
        }
    }
}

/// An empty last block with fixed codes.
const LAST_BLOCK: [u8; 2] = [3, 0];

/// The checksum of zlib (RFC 1950, 8.2).
fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    // The number of bytes that can be added before 32 bits overflow (RFC 1950, 9).
    for bytes in bytes.chunks(5552) {
        for byte in bytes {
            low += u32::from(*byte);
            high += low;
        }
        (low, high) = (low % 65_521, high % 65_521);
    }
    high << 16 | low
}

/// A piece of a snapshot, with its compressed form.
#[derive(Debug)]
pub struct Segment {
    raw: Bytes,
    deflated: Bytes,
    crc: Crc,
}

impl Segment {
    /// A segment of bytes and their compressed form; computes the checksum.
    #[must_use]
    pub fn from_parts(raw: Bytes, deflated: Bytes) -> Self {
        let mut crc = Crc::new();
        crc.update(&raw);
        Self { raw, deflated, crc }
    }

    /// The bytes.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The bytes, compressed.
    #[must_use]
    pub fn deflated(&self) -> &Bytes {
        &self.deflated
    }
}

/// Writes a few bytes that are not worth compressing as a stored block (RFC 1951, 3.2.4).
fn stored(raw: &[u8], out: &mut BytesMut) {
    for part in raw.chunks(usize::from(u16::MAX)) {
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
        out.put_u8(0);
        out.put_u16_le(length);
        out.put_u16_le(!length);
        out.put_slice(part);
    }
}

/// Joins segments into one gzip member, and computes its checksum.
#[derive(Debug)]
pub struct Member {
    out: BytesMut,
    crc: Crc,
}

impl Member {
    /// An empty member with room for `capacity` compressed bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut out = BytesMut::with_capacity(capacity + 64);
        // Deflate, no flags, no time, no extra flags, unknown system: the same bytes on every machine.
        out.put_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
        Self { out, crc: Crc::new() }
    }

    /// Appends a few bytes uncompressed.
    pub fn glue(&mut self, raw: &[u8]) {
        stored(raw, &mut self.out);
        self.crc.update(raw);
    }

    /// Appends a segment.
    pub fn segment(&mut self, segment: &Segment) {
        self.out.put_slice(&segment.deflated);
        self.crc.combine(&segment.crc);
    }

    /// The member, and the CRC-32 of its content.
    #[must_use]
    pub fn finish(mut self) -> (Bytes, u32) {
        self.out.put_slice(&LAST_BLOCK);
        self.out.put_u32_le(self.crc.sum());
        self.out.put_u32_le(self.crc.amount());
        (self.out.freeze(), self.crc.sum())
    }
}

/// Why bytes could not be decompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// Not a valid stream.
    #[error("not a valid gzip or deflate stream")]
    Corrupt,
    /// Its content is larger than the limit.
    #[error("larger than {0} bytes when decompressed")]
    TooLarge(usize),
}

/// The content of a gzip file, at most `limit` bytes: decompression stops soon after the limit is exceeded.
///
/// # Errors
/// [`InflateError`].
pub fn gunzip(body: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::with_capacity(limit.min(body.len().saturating_mul(4)));
    let max_read = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    GzipReader::new(body).take(max_read).read_to_end(&mut out).map_err(|_| InflateError::Corrupt)?;
    if out.len() > limit { Err(InflateError::TooLarge(limit)) } else { Ok(out) }
}

/// Deflate's highest ratio, 1,032 to 1 (<https://zlib.net/zlib_tech.html>): a stated length beyond it is false, and no
/// memory is reserved for it.
const HIGHEST_RATIO: usize = 1032;

/// The content of a raw deflate stream, complete or ended by a sync flush, of known length.
///
/// # Errors
/// [`InflateError::Corrupt`]: it does not inflate to exactly `length` bytes.
pub fn inflate(deflated: &[u8], length: usize) -> Result<Bytes, InflateError> {
    let (out, _) = inflate_with(Decompress::new(false), deflated, length)?;
    Ok(out.into())
}

/// The content of a zlib stream of known length: complete, with a valid checksum, and nothing after it.
///
/// # Errors
/// [`InflateError::Corrupt`]: it is not such a stream of exactly `length` bytes.
pub fn unzlib(stream: &[u8], length: usize) -> Result<Vec<u8>, InflateError> {
    let mut inflater = Decompress::new(true);
    let (out, status) = inflate_with(&mut inflater, stream, length)?;
    let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
    if status == Status::StreamEnd && read == stream.len() { Ok(out) } else { Err(InflateError::Corrupt) }
}

fn inflate_with(
    mut inflater: impl BorrowMut<Decompress>,
    stream: &[u8],
    length: usize,
) -> Result<(Vec<u8>, Status), InflateError> {
    if length > stream.len().saturating_mul(HIGHEST_RATIO) {
        return Err(InflateError::Corrupt);
    }
    // One byte more than expected, so that a longer stream is detected.
    let mut out = Vec::with_capacity(length + 1);
    match inflater.borrow_mut().decompress_vec(stream, &mut out, FlushDecompress::Sync) {
        Ok(status) if out.len() == length => Ok((out, status)),
        _ => Err(InflateError::Corrupt),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn joined_segments_read_back_as_one_member(parts in prop::collection::vec(".{0,400}", 0..12)) {
            let mut compressor = Compressor::default();
            let mut member = Member::with_capacity(0);
            let mut whole = Vec::new();
            for part in &parts {
                let content = if part.len() % 2 == 0 { Content::Text } else { Content::Numbers };
                let segment = compressor.segment(Bytes::copy_from_slice(part.as_bytes()), content);
                prop_assert_eq!(inflate(segment.deflated(), part.len()).unwrap(), part.as_bytes());
                member.segment(&segment);
                member.glue(b",");
                whole.extend_from_slice(part.as_bytes());
                whole.push(b',');
            }
            let (gzip, _) = member.finish();
            prop_assert_eq!(gunzip(&gzip, whole.len()).unwrap(), whole);
        }

        #[test]
        fn a_complete_stream_reads_back(raw in prop::collection::vec(any::<u8>(), 0..5000)) {
            let deflated = Compressor::default().deflate(&raw);
            prop_assert_eq!(inflate(&deflated, raw.len()).unwrap(), raw.clone());
            prop_assert!(inflate(&deflated, raw.len() + 1).is_err());
            prop_assert!(raw.is_empty() || inflate(&deflated, raw.len() - 1).is_err());
        }

        #[test]
        fn a_zlib_stream_reads_back_and_nothing_else_does(raw in prop::collection::vec(any::<u8>(), 0..20_000), at: usize) {
            let stream = Compressor::default().zlib(&raw);
            prop_assert_eq!(unzlib(&stream, raw.len()).unwrap(), raw.clone());
            prop_assert!(unzlib(&stream, raw.len() + 1).is_err());
            prop_assert!(unzlib(&stream[..stream.len() - 1], raw.len()).is_err());
            prop_assert!(unzlib(&[&stream[..], &[0]].concat(), raw.len()).is_err());
            let mut damaged = stream;
            let at = at % damaged.len();
            damaged[at] ^= 1;
            // The checksum tells, where the bytes are others at all.
            prop_assert!(unzlib(&damaged, raw.len()).map_or(true, |again| again == raw));
        }
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        let mut compressor = Compressor::default();
        let mut member = Member::with_capacity(0);
        member.segment(&compressor.segment(Bytes::from(vec![b' '; 10_000_000]), Content::Text));
        let (gzip, _) = member.finish();
        assert!(gzip.len() < 20_000);
        assert_eq!(gunzip(&gzip, 1_000_000), Err(InflateError::TooLarge(1_000_000)));
    }
}
