//! Reading the body of an import: lines of the native form, read, checked and packed on a thread of their own, in batches. At most a few
//! batches are in memory, however long the body is.

use std::io::{self, BufRead, Read};

use bytes::{Buf, Bytes};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{model::RejectedLine, native::Line};
use crate::{
    platform::{
        codec::{deflate::Compressor, file},
        error::Fault,
    },
    traces::trace::TraceError,
};

/// The most lines that are stored in one transaction, as on the command line: so few that players hardly notice.
const BATCH_LINES: usize = 2000;

/// About how many bytes of lines are stored in one transaction.
const BATCH_BYTES: usize = 1024 * 1024;

/// The most rejected lines that are reported one by one; the others are only counted.
const REPORTED_LINES: usize = 100;

/// What the reading thread sends: batches of lines, and at the end, also where that is an error, the rejected lines.
#[derive(Debug)]
pub enum ReadLines {
    /// Lines that are valid.
    Batch(Vec<Line>),
    /// The end of what could be read.
    End {
        /// The number of rejected lines.
        rejected: u64,
        /// The first of the rejected lines.
        first: Vec<RejectedLine>,
    },
}

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

/// Starts the thread that reads a body, gzipped or not, from `chunks` and sends what it has read to `batches`. Where the body
/// breaks off, or can't be decompressed, that is every whole line before.
pub fn spawn_reader(
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    gzipped: bool,
    batches: mpsc::Sender<ReadLines>,
) -> JoinHandle<io::Result<()>> {
    let reader = ChannelReader { chunks, rest: Bytes::new() };
    tokio::task::spawn_blocking(move || read(file::lines(reader, gzipped), &batches))
}

/// Reads lines to the end, or to the first error, or until the receiver of the batches is gone.
fn read(mut source: Box<dyn BufRead + Send>, batches: &mpsc::Sender<ReadLines>) -> io::Result<()> {
    let max = u64::try_from(Line::MAX_BYTES).unwrap_or(u64::MAX) + 1;
    let mut compressor = Compressor::default();
    let (mut number, mut rejected, mut first) = (0, 0, Vec::new());
    let (mut line, mut lines, mut size_bytes) = (Vec::new(), Vec::new(), 0);
    let ended = loop {
        line.clear();
        match source.by_ref().take(max).read_until(b'\n', &mut line) {
            Ok(0) => break Ok(()),
            Ok(_) => {}
            // What there is of this line may not be all of it.
            Err(error) => break Err(error),
        }
        number += 1;
        size_bytes += line.len();
        let outcome = if line.len() > Line::MAX_BYTES && line.last() != Some(&b'\n') {
            if let Err(error) = skip_rest_of_line(&mut source) {
                break Err(error);
            }
            Err(Fault::new("", format!("is longer than {} bytes", Line::MAX_BYTES)))
        } else {
            match Line::content(&line) {
                [] => Ok(None),
                content => Line::read(content, &mut compressor).map(Some).map_err(fault_of),
            }
        };
        match outcome {
            Ok(line) => lines.extend(line),
            Err(fault) => {
                rejected += 1;
                if first.len() < REPORTED_LINES {
                    first.push(RejectedLine { line: number, fault });
                }
            }
        }
        if lines.len() >= BATCH_LINES || size_bytes >= BATCH_BYTES {
            size_bytes = 0;
            if batches.blocking_send(ReadLines::Batch(std::mem::take(&mut lines))).is_err() {
                return Ok(());
            }
        }
    };
    // The receiver is gone only after a failure, which it reports.
    let _unsent = batches.blocking_send(ReadLines::Batch(lines));
    let _unsent = batches.blocking_send(ReadLines::End { rejected, first });
    ended
}

fn fault_of(error: TraceError) -> Fault {
    match error {
        TraceError::Invalid(faults) => faults.into_iter().next().unwrap_or_else(|| Fault::new("", "is invalid")),
        other => Fault::new("", other.to_string()),
    }
}

fn skip_rest_of_line(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let piece = source.fill_buf()?;
        let end = piece.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let length = end.unwrap_or(piece.len());
        source.consume(length);
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}
