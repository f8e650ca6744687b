//! Files of lines, gzipped where their name ends in `.gz`.

use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};

use super::gzip::GzipReader;

fn is_gzip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(OsStr::new("gz")))
}

/// A reader of the content of a file of that name, whose bytes `raw` yields.
pub fn source(path: &Path, raw: impl Read + Send + 'static) -> Box<dyn BufRead + Send> {
    lines(raw, is_gzip(path))
}

/// A reader of the lines in `raw`, gzipped or not.
pub fn lines(raw: impl Read + Send + 'static, gzipped: bool) -> Box<dyn BufRead + Send> {
    let raw = BufReader::new(raw);
    if gzipped { Box::new(BufReader::new(GzipReader::new(raw))) } else { Box::new(raw) }
}

/// A writer of a file's content.
#[derive(Debug)]
pub enum Sink<W: Write> {
    /// Uncompressed.
    Plain(W),
    /// Gzipped.
    Gzip(Box<GzEncoder<W>>),
}

impl<W: Write> Sink<W> {
    /// A writer of the content of a file of that name, whose bytes go to `raw`.
    pub fn new(path: &Path, raw: W) -> Self {
        if is_gzip(path) { Self::Gzip(Box::new(GzEncoder::new(raw, Compression::default()))) } else { Self::Plain(raw) }
    }

    /// Writes what is still buffered.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(self) -> io::Result<W> {
        let mut raw = match self {
            Self::Plain(raw) => raw,
            Self::Gzip(encoder) => encoder.finish()?,
        };
        raw.flush()?;
        Ok(raw)
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => raw.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(raw) => raw.flush(),
            Self::Gzip(encoder) => encoder.flush(),
        }
    }
}
