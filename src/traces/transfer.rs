//! Whole stores in and out: traces from elsewhere, and all traces for elsewhere, in the native form.

use std::collections::BTreeSet;

use super::{
    model::{Progress, ScopeKey, TraceError, TransferredTrace, WorldKey},
    native,
    service::Traces,
    store::Store,
};
use crate::platform::codec::deflate::Compressor;

/// Traces that one look at the store takes: few, because each may have a recording of 256 KiB.
const PAGE: u64 = 128;

/// A line that was read.
#[derive(Debug)]
pub struct Line(TransferredTrace);

impl Line {
    /// Bytes of a line, at most.
    pub const MOST_BYTES: usize = native::LINE_BYTES;

    /// Reads a line of the native form.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &[u8], compressor: &mut Compressor) -> Result<Self, TraceError> {
        native::parse(line, compressor).map(Self)
    }
}

/// A walk through all traces of a world, as it was when the walk began.
#[derive(Debug)]
pub struct Walk {
    store: Store,
    world: WorldKey,
    /// What a trace without a source id is called: the installation, the world, its id.
    source: String,
    after: i64,
    upto: i64,
}

impl Traces {
    /// Stores lines in a world, all or none, with how far the import of that input has come. Returns how many were new.
    ///
    /// # Errors
    /// Nothing was stored, unless the database is away, which can't know: [`Traces::import_progress`] will tell.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: Vec<Line>,
        input: &str,
        progress: &Progress,
    ) -> Result<u64, TraceError> {
        let batch: Vec<TransferredTrace> = batch.into_iter().map(|Line(one)| one).collect();
        let (seq, taken) = self.take_in(world, &batch, input, progress).await?;
        let scopes: BTreeSet<ScopeKey> = batch.into_iter().map(|one| one.scope).collect();
        self.tell_imported(world, seq - taken, seq, scopes);
        Ok(u64::try_from(taken).unwrap_or_default())
    }

    /// How far an import of that input has come that was cut short.
    ///
    /// # Errors
    /// The database is away.
    pub async fn import_progress(&self, world: WorldKey, input: &str) -> Result<Option<Progress>, TraceError> {
        Ok(self.store(world).await?.import_progress(world, input).await?)
    }

    /// The import of that input is done: the next one begins at its first line.
    ///
    /// # Errors
    /// The database is away.
    pub async fn import_done(&self, world: WorldKey, input: &str) -> Result<(), TraceError> {
        Ok(self.store(world).await?.forget_import(world, input).await?)
    }

    /// Begins a walk through all that is in a world now. `installation` names traces that came with no name of their own.
    ///
    /// # Errors
    /// The database is away.
    pub async fn walk(&self, world: WorldKey, installation: &str) -> Result<Walk, TraceError> {
        let store = self.store(world).await?;
        let upto = store.revision(world).await?;
        let source = format!("cairn:{installation}:{world}");
        Ok(Walk { store, world, source, after: 0, upto })
    }
}

impl Walk {
    /// The highest id that the walk will come to.
    #[must_use]
    pub fn upto(&self) -> i64 {
        self.upto
    }

    /// The id that the walk has come to.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.after
    }

    /// Appends the next lines to `out`; returns how many, none at the end.
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
