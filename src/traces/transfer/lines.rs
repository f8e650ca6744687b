//! Importing lines of the native form from a request body, as they arrive.

use std::{io, pin::pin};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use super::{
    model::{ImportSummary, Progress},
    request::{self, ReadLines},
    service::Transfer,
};
use crate::{traces::trace::TraceError, worlds::WorldKey};

/// The input name under which the progress of these imports is stored. None of them continues an earlier one.
const INPUT: &str = "http";

/// An import that ended with an error.
#[derive(Debug)]
pub struct BrokenImport<E> {
    /// Why.
    pub error: E,
    /// What became of the lines before. Of those in the batch that a failure of the database has stopped it is not known.
    pub before: ImportSummary,
}

impl Transfer {
    /// Imports lines as they arrive, gzipped or not. Valid lines are stored in batches, wrong ones are reported.
    ///
    /// # Errors
    /// The body breaks off or is not gzip, then every whole line before is imported; or the database is unavailable.
    pub async fn import_lines<E: From<TraceError>>(
        &self,
        world: WorldKey,
        gzipped: bool,
        body: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<ImportSummary, BrokenImport<E>> {
        let (chunks, chunk_receiver) = mpsc::channel(4);
        let (batches, batch_receiver) = mpsc::channel(1);
        let reading = request::spawn_reader(chunk_receiver, gzipped, batches);
        // Ends with the error with which the body broke off: it must not be taken for a complete one.
        let forward = async move {
            let mut body = pin!(body);
            while let Some(chunk) = body.next().await {
                let (chunk, error) = match chunk {
                    Ok(chunk) => (Ok(chunk), None),
                    Err(error) => (Err(io::Error::other("the body broke off")), Some(error)),
                };
                // The reading thread ends early only after a failure, which it reports.
                if chunks.send(chunk).await.is_err() || error.is_some() {
                    return error;
                }
            }
            None
        };
        let (mut forward, mut store) = (pin!(forward), pin!(self.store_batches(world, batch_receiver)));
        // Storing ends before the body does only after a failure.
        let (broke_off, (before, stored)) = tokio::select! {
            biased;
            broke_off = &mut forward => (broke_off, store.await),
            stored = &mut store => (None, stored),
        };
        let complete = async {
            stored?;
            match reading.await.map_err(TraceError::broken)? {
                Err(error) if broke_off.is_none() => {
                    Err(TraceError::Malformed(format!("The body can't be decompressed: {error}.")))
                }
                _ => Ok(()),
            }
        };
        match (complete.await, broke_off) {
            (Ok(()), None) => match self.import_done(world, INPUT).await {
                Ok(()) => Ok(before),
                Err(error) => Err(BrokenImport { error: error.into(), before }),
            },
            (Ok(()), Some(error)) => Err(BrokenImport { error, before }),
            (Err(error), _) => Err(BrokenImport { error: error.into(), before }),
        }
    }

    /// Stores batches as they are read; what became of them, also before an error.
    async fn store_batches(
        &self,
        world: WorldKey,
        mut batches: mpsc::Receiver<ReadLines>,
    ) -> (ImportSummary, Result<(), TraceError>) {
        let mut summary = ImportSummary::default();
        while let Some(read) = batches.recv().await {
            match read {
                ReadLines::Batch(lines) => {
                    let count = u64::try_from(lines.len()).unwrap_or_default();
                    match Box::pin(self.import(world, lines, INPUT, &Progress::default())).await {
                        Ok(new) => {
                            summary.imported += new;
                            summary.already_present += count.saturating_sub(new);
                        }
                        Err(error) => return (summary, Err(error)),
                    }
                }
                ReadLines::End { rejected, first } => {
                    (summary.rejected, summary.first_rejected) = (rejected, first);
                }
            }
        }
        (summary, Ok(()))
    }
}
