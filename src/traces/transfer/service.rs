//! Use cases: import lines into a world, export a world.

use super::{
    model::{Progress, TransferredTrace},
    native::{self, Line},
    store::{ImportedBatch, Store},
};
use crate::{
    traces::{TraceWorlds, trace::TraceError},
    worlds::{
        WorldKey, retry_races,
        storage::{Room, Storage},
    },
};

/// The number of traces in one page of an export: few, because each may have a recording of 256 KiB.
const PAGE_TRACES: u64 = 128;

/// Imports and exports whole worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Transfer {
    worlds: TraceWorlds,
}

/// An export of all traces that were in a world when it began.
#[derive(Debug)]
pub struct WorldExport {
    store: Store,
    /// The prefix of the source ids of traces that have none: the installation and the world.
    source: String,
    after: i64,
    upto: i64,
}

impl Transfer {
    /// Imports into and exports from these worlds.
    #[must_use]
    pub fn new(worlds: TraceWorlds) -> Self {
        Self { worlds }
    }

    async fn store(&self, world: WorldKey) -> Result<Store, TraceError> {
        Ok(Store::new(&self.worlds.tables(world.studio()).await?, world))
    }

    /// Stores lines in a world, all or none, together with the progress of the import of `input`; returns how many were new.
    ///
    /// # Errors
    /// [`TraceError`]; then nothing was stored. Whether it was is unknown where the database is unavailable:
    /// [`Transfer::import_progress`] shows it later.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: Vec<Line>,
        input: &str,
        progress: &Progress,
    ) -> Result<u64, TraceError> {
        let batch: Vec<TransferredTrace> = batch.into_iter().map(Line::into_trace).collect();
        let room = Room::new(self.worlds.storage(world).await?, self.worlds.bounds().of_traces());
        // As if all of it were new.
        let demand = Storage { bytes: batch.iter().map(TransferredTrace::stored_bytes).sum(), scopes: 1 };
        if !batch.is_empty() && room.lacking(demand) != Storage::default() {
            return Err(TraceError::NoRoom);
        }
        let store = self.store(world).await?;
        // Boxed, because the type of the nested futures is too deep for the compiler.
        let imported = retry_races(|| Box::pin(store.import(&batch, input, progress))).await?;
        let ImportedBatch { revision, count } = imported;
        self.worlds.announce(world, revision.seq - count, revision, batch.into_iter().map(|trace| trace.scope));
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The progress of an interrupted import of `input`.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn import_progress(&self, world: WorldKey, input: &str) -> Result<Option<Progress>, TraceError> {
        Ok(self.store(world).await?.import_progress(input).await?)
    }

    /// Marks the import of `input` as done: the next one starts at its first line.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn import_done(&self, world: WorldKey, input: &str) -> Result<(), TraceError> {
        Ok(self.store(world).await?.delete_progress(input).await?)
    }

    /// Starts an export of all traces that are in a world now. `installation` is part of the source ids of traces that have none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn export(&self, world: WorldKey, installation: &str) -> Result<WorldExport, TraceError> {
        let upto = self.worlds.revision(world).await?;
        let store = self.store(world).await?;
        let source = format!("cairn:{installation}:{world}");
        Ok(WorldExport { store, source, after: 0, upto })
    }
}

impl WorldExport {
    /// The highest id in the export.
    #[must_use]
    pub fn upto(&self) -> i64 {
        self.upto
    }

    /// The id of the trace that was exported last.
    #[must_use]
    pub fn reached(&self) -> i64 {
        self.after
    }

    /// Appends the next lines to `out`; returns how many, 0 at the end.
    ///
    /// # Errors
    /// The database is unavailable, or a recording in it is corrupt.
    pub async fn next(&mut self, out: &mut Vec<u8>) -> Result<usize, TraceError> {
        let page = self.store.page(self.after, self.upto, PAGE_TRACES).await?;
        let lines = page.len();
        self.after = page.last().map_or(self.after, |(id, _)| *id);
        let source = self.source.clone();
        // Unpacking frames must not run on an async thread.
        let print = move || {
            let mut printed = Vec::new();
            for (id, mut trace) in page {
                trace.source_id.get_or_insert_with(|| format!("{source}:{id}"));
                native::print(&trace, &mut printed)?;
            }
            Ok::<_, TraceError>(printed)
        };
        let printed = tokio::task::spawn_blocking(print).await;
        out.extend(printed.map_err(TraceError::broken)??);
        Ok(lines)
    }
}
