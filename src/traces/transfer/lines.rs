//! Importing lines of the native form from a request body, as they arrive.

use std::pin::pin;

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
        let reading = request::spawn_reader(chunk_receiver, gzipped, batches);
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
        let broken = |error: tokio::task::JoinError| TraceError::broken(error);
        reading.await.map_err(broken)?.map_err(|error| {
            TraceError::Malformed(format!("The body can't be decompressed: {error}. The lines before are stored."))
        })?;
        self.import_done(world, INPUT).await?;
        Ok(summary)
    }
}
