//! Reads the file of an import on a thread of its own, while it arrives, and sends its rows on in batches. A few batches are in memory,
//! however long the file is.

use std::io::{self, BufReader, Read};

use bytes::{Buf, Bytes};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    formats::{self, FileError, Row},
    model::ImportSource,
};
use crate::platform::codec::file;

/// Rows that are sent on, and stored, together.
const BATCH: usize = 200;

/// Rows of one program.
pub type Batch = (ImportSource, Vec<Row>);

/// A reader of the bytes from a channel, for a thread that may block.
struct ChannelReader {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl Read for ChannelReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.rest = chunk?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.rest.len());
        if let Some(place) = buffer.get_mut(..length) {
            self.rest.copy_to_slice(place);
        }
        Ok(length)
    }
}

/// A source of at most so many bytes, after decompression; more of them is an error.
struct Limited<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let read = u64::try_from(length).unwrap_or(u64::MAX);
        let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, "it is too large");
        self.left = self.left.checked_sub(read).ok_or_else(too_large)?;
        Ok(length)
    }
}

/// Starts the thread that reads a file, gzipped or not, of at most `most` bytes.
pub fn spawn(
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    gzipped: bool,
    most: u64,
    batches: mpsc::Sender<Batch>,
) -> JoinHandle<Result<ImportSource, FileError>> {
    let source = ChannelReader { chunks, rest: Bytes::new() };
    tokio::task::spawn_blocking(move || {
        let source = Limited { source: file::lines(source, gzipped), left: most };
        let mut waiting: Batch = (ImportSource::Cairn, Vec::with_capacity(BATCH));
        let read = formats::read(BufReader::new(source), &mut |from, row| {
            waiting.0 = from;
            waiting.1.push(row);
            waiting.1.len() < BATCH || batches.blocking_send((from, std::mem::take(&mut waiting.1))).is_ok()
        });
        if read.is_ok() && !waiting.1.is_empty() && batches.blocking_send(waiting).is_err() {
            return Err(FileError::Stopped);
        }
        read
    })
}
