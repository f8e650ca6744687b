//! Whole worlds in and out.

use super::{
    model::{Progress, TransferredTrace},
    native,
    store::{Imported, Store},
};
use crate::{
    platform::codec::deflate::Compressor,
    traces::{TraceWorlds, trace::TraceError},
    worlds::{WorldKey, retry_races},
};

/// Traces that are read at once: few, because each may have a recording of 256 KiB.
const PAGE: u64 = 128;

/// A line that was read.
#[derive(Debug)]
pub struct Line(TransferredTrace);

impl Line {
    /// The longest line, in bytes.
    pub const MOST_BYTES: usize = native::LINE_BYTES;

    /// Reads a line of the native form.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &[u8], compressor: &mut Compressor) -> Result<Self, TraceError> {
        native::parse(line, compressor).map(Self)
    }
}

/// Imports and exports whole worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Transfer {
    worlds: TraceWorlds,
}

/// A walk through all traces of a world, as it was when the walk began.
#[derive(Debug)]
pub struct Walk {
    store: Store,
    world: WorldKey,
    /// The source id of traces that have none, but for their id: the installation and the world.
    source: String,
    after: i64,
    upto: i64,
}

impl Transfer {
    /// Of these worlds.
    #[must_use]
    pub fn new(worlds: TraceWorlds) -> Self {
        Self { worlds }
    }

    async fn store(&self, world: WorldKey) -> Result<Store, TraceError> {
        Ok(Store::new(self.worlds.tables(world.studio()).await?))
    }

    /// Stores lines in a world, all or none, together with the progress of the import of that input. Returns how many were new.
    ///
    /// # Errors
    /// Nothing was stored, unless the database is away, which can't know: [`Transfer::import_progress`] will tell.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: Vec<Line>,
        input: &str,
        progress: &Progress,
    ) -> Result<u64, TraceError> {
        let batch: Vec<TransferredTrace> = batch.into_iter().map(|Line(trace)| trace).collect();
        let store = self.store(world).await?;
        // Boxed: the nested futures would make a type deeper than the compiler follows.
        let Imported { seq, taken } = retry_races(|| Box::pin(store.import(world, &batch, input, progress))).await?;
        self.worlds.announce(world, seq - taken, seq, batch.into_iter().map(|trace| trace.scope));
        Ok(u64::try_from(taken).unwrap_or_default())
    }

    /// How far an import of that input came before it was cut short.
    ///
    /// # Errors
    /// The database is away.
    pub async fn import_progress(&self, world: WorldKey, input: &str) -> Result<Option<Progress>, TraceError> {
        Ok(self.store(world).await?.import_progress(world, input).await?)
    }

    /// Marks the import of that input as done: the next one starts at its first line.
    ///
    /// # Errors
    /// The database is away.
    pub async fn import_done(&self, world: WorldKey, input: &str) -> Result<(), TraceError> {
        Ok(self.store(world).await?.forget_import(world, input).await?)
    }

    /// Starts a walk through all that is in a world now. `installation` is part of the source id of traces that have none.
    ///
    /// # Errors
    /// The database is away.
    pub async fn walk(&self, world: WorldKey, installation: &str) -> Result<Walk, TraceError> {
        let upto = self.worlds.revision(world).await?;
        let store = self.store(world).await?;
        let source = format!("cairn:{installation}:{world}");
        Ok(Walk { store, world, source, after: 0, upto })
    }
}

impl Walk {
    /// The highest id of the walk.
    #[must_use]
    pub fn upto(&self) -> i64 {
        self.upto
    }

    /// The id that the walk has reached.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.after
    }

    /// Appends the next lines to `out`; returns how many, 0 at the end.
    ///
    /// # Errors
    /// The database is away, or a recording in it is corrupt.
    pub async fn next(&mut self, out: &mut Vec<u8>) -> Result<usize, TraceError> {
        let page = self.store.page(self.world, self.after, self.upto, PAGE).await?;
        let lines = page.len();
        self.after = page.last().map_or(self.after, |(id, _)| *id);
        let source = self.source.clone();
        // Off the reactor: frames are unpacked for it.
        let print = move || {
            let mut printed = Vec::new();
            for (id, mut one) in page {
                one.source_id.get_or_insert_with(|| format!("{source}:{id}"));
                native::print(&one, &mut printed)?;
            }
            Ok::<_, TraceError>(printed)
        };
        let printed = tokio::task::spawn_blocking(print).await;
        out.extend(printed.map_err(|error| TraceError::Broken(error.to_string()))??);
        Ok(lines)
    }
}
