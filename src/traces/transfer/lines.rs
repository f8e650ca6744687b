//! Lines of the native form that somebody sends: read, checked and packed on a thread of their own, and stored as they come.
//! At no time are more than a few batches in memory, however much is sent.

use std::{
    io::{self, BufRead, Read},
    pin::pin,
};

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use super::{
    model::Progress,
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

/// Lines that are stored in one transaction, at most: as few as the command line's, so that players hardly notice.
const BATCH_LINES: usize = 2000;

/// Bytes of lines that are stored in one transaction, about.
const BATCH_BYTES: usize = 1024 * 1024;

/// Lines that could not be taken that are told one by one; the others are counted.
const TOLD: usize = 100;

/// What imports that come this way are called where it is kept how far they are: none of them goes on with another.
const INPUT: &str = "http";

/// A line that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Which, from 1.
    pub line: u64,
    /// What is wrong with it; the pointer is empty where it is the whole line.
    pub fault: Fault,
}

/// What became of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// How many were new,
    pub imported: u64,
    /// and how many the world knew by their source ids.
    pub there_already: u64,
    /// How many could not be taken.
    pub rejected: u64,
    /// The first of these.
    pub first_rejected: Vec<Rejected>,
}

/// What was read, in batches, and then what could not be.
enum Found {
    Batch(Vec<Line>),
    End { rejected: u64, first: Vec<Rejected> },
}

/// Bytes that come through a channel, for a thread that may wait for them.
struct Pipe {
    chunks: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl Read for Pipe {
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
    /// Takes in lines as they are sent, gzipped or not: those that can be taken are stored, some at a time.
    ///
    /// # Errors
    /// What is sent breaks off, or is not gzip, or the database is away; what was stored before stays.
    pub async fn take_in_lines<E: From<TraceError>>(
        &self,
        world: WorldKey,
        gzipped: bool,
        sent: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<TakenIn, E> {
        let (chunks, pipe) = mpsc::channel(4);
        let (batches, mut ready) = mpsc::channel(1);
        let pipe = Pipe { chunks: pipe, rest: Bytes::new() };
        let reading = tokio::task::spawn_blocking(move || read(file::lines(pipe, gzipped), &batches));
        let pump = async {
            let mut sent = pin!(sent);
            while let Some(chunk) = sent.next().await {
                // Nobody reads on where something has failed, which is told by it.
                if chunks.send(chunk?).await.is_err() {
                    break;
                }
            }
            drop(chunks);
            Ok::<(), E>(())
        };
        let store = async {
            let mut taken = TakenIn::default();
            while let Some(read) = ready.recv().await {
                match read {
                    Found::Batch(lines) => {
                        let count = u64::try_from(lines.len()).unwrap_or_default();
                        let new = Box::pin(self.import(world, lines, INPUT, &Progress::default())).await?;
                        taken.imported += new;
                        taken.there_already += count.saturating_sub(new);
                    }
                    Found::End { rejected, first } => (taken.rejected, taken.first_rejected) = (rejected, first),
                }
            }
            Ok::<TakenIn, TraceError>(taken)
        };
        let (mut pump, mut store) = (pin!(pump), pin!(store));
        // What fails first ends the other, too: a pump that was cut off must not look like an input's end.
        let taken = tokio::select! {
            biased;
            pumped = &mut pump => {
                pumped?;
                store.await?
            }
            stored = &mut store => stored?,
        };
        let broken = |error: tokio::task::JoinError| TraceError::Broken(error.to_string());
        reading.await.map_err(broken)?.map_err(|error| {
            TraceError::Malformed(format!("The body can't be unpacked: {error}. What stands before is stored."))
        })?;
        self.import_done(world, INPUT).await?;
        Ok(taken)
    }
}

/// Reads lines to the end, or until nobody wants them.
fn read(mut source: Box<dyn BufRead + Send>, batches: &mpsc::Sender<Found>) -> io::Result<()> {
    let most = u64::try_from(Line::MOST_BYTES).unwrap_or(u64::MAX) + 1;
    let mut compressor = Compressor::default();
    let (mut number, mut rejected, mut first) = (0, 0, Vec::new());
    let (mut line, mut lines, mut size_bytes) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        if source.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        size_bytes += line.len();
        let outcome = if line.len() > Line::MOST_BYTES && line.last() != Some(&b'\n') {
            pass_over_rest(&mut source)?;
            Err(Fault::new("", format!("is longer than {} bytes", Line::MOST_BYTES)))
        } else if line.trim_ascii().is_empty() {
            Ok(None)
        } else {
            Line::read(line.trim_ascii(), &mut compressor).map(Some).map_err(fault_of)
        };
        match outcome {
            Ok(one) => lines.extend(one),
            Err(fault) => {
                rejected += 1;
                if first.len() < TOLD {
                    first.push(Rejected { line: number, fault });
                }
            }
        }
        if lines.len() >= BATCH_LINES || size_bytes >= BATCH_BYTES {
            size_bytes = 0;
            if batches.blocking_send(Found::Batch(std::mem::take(&mut lines))).is_err() {
                return Ok(());
            }
        }
    }
    // Should nobody want it, something else has failed, and is told.
    let _unwanted = batches.blocking_send(Found::Batch(lines));
    let _unwanted = batches.blocking_send(Found::End { rejected, first });
    Ok(())
}

fn fault_of(error: TraceError) -> Fault {
    match error {
        TraceError::Invalid(faults) => faults.into_iter().next().unwrap_or_else(|| Fault::new("", "is wrong")),
        other => Fault::new("", other.to_string()),
    }
}

fn pass_over_rest(source: &mut impl BufRead) -> io::Result<()> {
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
