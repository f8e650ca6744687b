//! Importing lines of the native form from a request body. They are read, checked and packed on a thread of their own and stored as
//! they arrive; at most a few batches are in memory, however long the body is.

use std::{
    io::{self, BufRead, Read},
    pin::pin,
};

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use super::{
    model::{ImportSummary, Progress, RejectedLine},
    service::{Line, Transfer},
};
use crate::{
    platform::{
        codec::{deflate::Compressor, file},
        error::Fault,
    },
    traces::trace::TraceError,
    worlds::WorldKey,
};

/// The most lines that are stored in one transaction, as on the command line: so few that players hardly notice.
const BATCH_LINES: usize = 2000;

/// About how many bytes of lines are stored in one transaction.
const BATCH_BYTES: usize = 1024 * 1024;

/// The most rejected lines that are reported one by one; the others are only counted.
const REPORTED_LINES: usize = 100;

/// The input name under which the progress of these imports is stored. None of them continues an earlier one.
const INPUT: &str = "http";

/// What the reading thread sends: batches of lines, and at the end the rejected lines.
enum ReadLines {
    Batch(Vec<Line>),
    End { rejected: u64, first: Vec<RejectedLine> },
}

/// A reader of the bytes from a channel, for a thread that may block.
struct ChannelReader {
    chunks: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl Read for ChannelReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.rest = chunk,
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

impl Transfer {
    /// Imports lines as they arrive, gzipped or not. Valid lines are stored in batches, wrong ones are reported.
    ///
    /// # Errors
    /// The body breaks off or is not gzip, or the database is unavailable; what was stored before stays.
    pub async fn import_lines<E: From<TraceError>>(
        &self,
        world: WorldKey,
        gzipped: bool,
        body: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<ImportSummary, E> {
        let (chunks, chunk_receiver) = mpsc::channel(4);
        let (batches, mut batch_receiver) = mpsc::channel(1);
        let reader = ChannelReader { chunks: chunk_receiver, rest: Bytes::new() };
        let reading = tokio::task::spawn_blocking(move || read(file::lines(reader, gzipped), &batches));
        let forward = async {
            let mut body = pin!(body);
            while let Some(chunk) = body.next().await {
                // The reading thread ends early only after a failure, which it reports.
                if chunks.send(chunk?).await.is_err() {
                    break;
                }
            }
            drop(chunks);
            Ok::<(), E>(())
        };
        let store = async {
            let mut summary = ImportSummary::default();
            while let Some(read) = batch_receiver.recv().await {
                match read {
                    ReadLines::Batch(lines) => {
                        let count = u64::try_from(lines.len()).unwrap_or_default();
                        let new = Box::pin(self.import(world, lines, INPUT, &Progress::default())).await?;
                        summary.imported += new;
                        summary.already_present += count.saturating_sub(new);
                    }
                    ReadLines::End { rejected, first } => {
                        (summary.rejected, summary.first_rejected) = (rejected, first);
                    }
                }
            }
            Ok::<ImportSummary, TraceError>(summary)
        };
        let (mut forward, mut store) = (pin!(forward), pin!(store));
        // A failure of either ends both: a body that breaks off must not be taken for a complete one.
        let summary = tokio::select! {
            biased;
            forwarded = &mut forward => {
                forwarded?;
                store.await?
            }
            stored = &mut store => stored?,
        };
        let broken = |error: tokio::task::JoinError| TraceError::Broken(error.to_string());
        reading.await.map_err(broken)?.map_err(|error| {
            TraceError::Malformed(format!("The body can't be decompressed: {error}. The lines before are stored."))
        })?;
        self.import_done(world, INPUT).await?;
        Ok(summary)
    }
}

/// Reads lines to the end, or until the receiver of the batches is gone.
fn read(mut source: Box<dyn BufRead + Send>, batches: &mpsc::Sender<ReadLines>) -> io::Result<()> {
    let max = u64::try_from(Line::MAX_BYTES).unwrap_or(u64::MAX) + 1;
    let mut compressor = Compressor::default();
    let (mut number, mut rejected, mut first) = (0, 0, Vec::new());
    let (mut line, mut lines, mut size_bytes) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        if source.by_ref().take(max).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        size_bytes += line.len();
        let outcome = if line.len() > Line::MAX_BYTES && line.last() != Some(&b'\n') {
            skip_rest_of_line(&mut source)?;
            Err(Fault::new("", format!("is longer than {} bytes", Line::MAX_BYTES)))
        } else if line.trim_ascii().is_empty() {
            Ok(None)
        } else {
            Line::read(line.trim_ascii(), &mut compressor).map(Some).map_err(fault_of)
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
    }
    // The receiver is gone only after a failure, which it reports.
    let _unsent = batches.blocking_send(ReadLines::Batch(lines));
    let _unsent = batches.blocking_send(ReadLines::End { rejected, first });
    Ok(())
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
