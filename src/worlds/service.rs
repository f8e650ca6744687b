//! The engine as domains use it.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    announcement::Announcement,
    command::{Command, QueuedCommand, WorldCommand},
    insert::Insert,
    job::Job,
    model::{InsertOutcome, ScopeKey, WorldChange, WorldError, WorldKey},
    revision_tracker::{RecentBatches, RevisionTracker},
    tenants::Tenants,
};
use crate::platform::{
    cache::Cache,
    db::{Database, StudioId, Tenant},
    error::StoreError,
    tasks::Tasks,
    writer::{self, Writer, WriterMetrics},
};

/// The engine's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Limits of the write queue.
    pub writer: writer::Limits,
    /// The most that recently inserted rows may hold in memory, in bytes.
    pub recent_bytes: usize,
    /// Time between two looks at the durable revisions.
    pub revision_check: Duration,
}

type ChangeListener = dyn Fn(WorldChange<'_>) + Send + Sync;
type AddedListener = dyn Fn(WorldKey, &[(ScopeKey, i16)]) + Send + Sync;
type WorldsInUse = dyn Fn() -> Vec<WorldKey> + Send + Sync;

/// Those who are told of what happens.
#[derive(Default)]
pub struct Listeners {
    changed: RwLock<Vec<Box<ChangeListener>>>,
    added: RwLock<Vec<Box<AddedListener>>>,
    in_use: RwLock<Vec<Box<WorldsInUse>>>,
}

impl Listeners {
    pub(super) fn changed(&self, change: WorldChange<'_>) {
        for listener in &*self.changed.read().unwrap_or_else(PoisonError::into_inner) {
            listener(change);
        }
    }

    pub(super) fn added(&self, world: WorldKey, added: &[(ScopeKey, i16)]) {
        for listener in &*self.added.read().unwrap_or_else(PoisonError::into_inner) {
            listener(world, added);
        }
    }

    pub(super) fn in_use(&self) -> Vec<WorldKey> {
        let in_use = self.in_use.read().unwrap_or_else(PoisonError::into_inner);
        in_use.iter().flat_map(|worlds| worlds()).collect()
    }
}

/// What the engine's tasks share. Cheap to clone.
pub struct Engine<I: Insert> {
    pub(super) tenants: Tenants,
    pub(super) cache: Cache,
    pub(super) tracker: Arc<RevisionTracker<I::Recent>>,
    pub(super) listeners: Arc<Listeners>,
    pub(super) revision_check: Duration,
    pub(super) tasks: Tasks,
    pub(super) metrics: WriterMetrics,
}

impl<I: Insert> Clone for Engine<I> {
    fn clone(&self) -> Self {
        Self {
            tenants: self.tenants.clone(),
            cache: self.cache.clone(),
            tracker: Arc::clone(&self.tracker),
            listeners: Arc::clone(&self.listeners),
            revision_check: self.revision_check,
            tasks: self.tasks.clone(),
            metrics: self.metrics.clone(),
        }
    }
}

impl<I: Insert> Engine<I> {
    async fn track(&self, world: WorldKey) -> Result<(), StoreError> {
        if !self.tracker.touch(world) {
            self.tracker.track(world, self.tenants.of(world).await?.revision(world).await?);
        }
        Ok(())
    }
}

/// Writes to worlds, and tells of their changes. `I` is what the domain inserts in bulk. Cheap to clone.
pub struct Worlds<I: Insert> {
    writer: Writer<Job<I>, Result<InsertOutcome, WorldError>>,
    engine: Engine<I>,
}

impl<I: Insert> Clone for Worlds<I> {
    fn clone(&self) -> Self {
        Self { writer: self.writer.clone(), engine: self.engine.clone() }
    }
}

impl<I: Insert> fmt::Debug for Worlds<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").finish_non_exhaustive()
    }
}

impl<I: Insert> Worlds<I> {
    /// Starts the engine. `announcements` are those of other instances, on [`super::CHANNEL`].
    #[must_use]
    pub fn start(
        database: Database,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        settings: Settings,
        tasks: &Tasks,
        metrics: &WriterMetrics,
    ) -> Self {
        let engine = Engine::<I> {
            tenants: Tenants::new(database),
            cache,
            tracker: Arc::new(RevisionTracker::new(settings.recent_bytes)),
            listeners: Arc::default(),
            revision_check: settings.revision_check,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
        };
        let committer = engine.clone();
        let writer = Writer::start(tasks, settings.writer, Job::world, move |batch| {
            let committer = committer.clone();
            async move { committer.commit(batch).await }
        });
        tasks.spawn_until_stop("announcements", engine.clone().listen(announcements));
        tasks.spawn_until_stop("revision check", engine.clone().check_revisions());
        Self { writer, engine }
    }

    /// Stores the rows of one request, durably.
    ///
    /// # Errors
    /// [`WorldError`]; then nothing was stored, unless the database is away, which can't know.
    pub async fn insert(&self, rows: I) -> Result<InsertOutcome, WorldError> {
        self.engine.track(rows.world()).await?;
        let size_bytes = rows.size_bytes();
        self.writer.submit(Job::Insert(rows), size_bytes).await?
    }

    /// Runs a command in a world, durably, in the order in which commands come.
    ///
    /// # Errors
    /// [`WorldError`]; then nothing was done, unless the database is away, which can't know.
    pub async fn run<C: Command>(&self, world: WorldKey, command: C) -> Result<C::Output, WorldError> {
        self.engine.track(world).await?;
        let size_bytes = command.size_bytes();
        let queued = QueuedCommand::new(command);
        let job = Job::Command(WorldCommand { world, command: queued.clone() });
        self.writer.submit(job, size_bytes).await??;
        queued.take().ok_or(WorldError::Broken("a command was passed over"))
    }

    /// The tables of a studio.
    ///
    /// # Errors
    /// The studio is gone, or the database is away.
    pub async fn tables(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.engine.tenants.tables(studio).await
    }

    /// The world's durable revision.
    ///
    /// # Errors
    /// The world is gone, or the database is away.
    pub async fn revision(&self, world: WorldKey) -> Result<i64, StoreError> {
        self.engine.tenants.of(world).await?.revision(world).await
    }

    /// Tracks a world from now on: to be called before a snapshot of it is made, or changes of it are waited for.
    ///
    /// # Errors
    /// The world is gone, or the database is away.
    pub async fn track(&self, world: WorldKey) -> Result<(), StoreError> {
        self.engine.track(world).await
    }

    /// The worlds in use on this instance.
    #[must_use]
    pub fn tracked(&self) -> Vec<WorldKey> {
        self.engine.tracker.tracked()
    }

    /// The revision of a world up to which everything is known here, and so can be read; 0 where it is not tracked.
    #[must_use]
    pub fn tracked_revision(&self, world: WorldKey) -> i64 {
        self.engine.tracker.upto(world)
    }

    /// The newest revision of a world that is known here, whatever is missing before it.
    #[must_use]
    pub fn last_revision(&self, world: WorldKey) -> i64 {
        self.engine.tracker.last(world)
    }

    /// All rows inserted into a world after a revision; `None` where other things have happened, or may have.
    #[must_use]
    pub fn recent(&self, world: WorldKey, after: i64) -> Option<RecentBatches<I::Recent>> {
        self.engine.tracker.recent(world, after)
    }

    /// Announces rows that were stored by a transaction of the caller's own, an import.
    pub fn announce(&self, world: WorldKey, after: i64, upto: i64, scopes: impl IntoIterator<Item = ScopeKey>) {
        let scopes = scopes.into_iter().collect();
        self.engine.announce(Announcement { world, after, upto, scopes, alters_existing: false, recent: None });
    }

    /// From now on `listener` is told of every change of the worlds in use here, and of some others.
    pub fn on_change(&self, listener: impl Fn(WorldChange<'_>) + Send + Sync + 'static) {
        self.engine.listeners.changed.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// From now on `listener` is told of the scope and code of all that this instance has added to a world.
    pub fn on_added(&self, listener: impl Fn(WorldKey, &[(ScopeKey, i16)]) + Send + Sync + 'static) {
        self.engine.listeners.added.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// The worlds that `in_use` returns stay tracked, also while nothing is written to them or asked of them.
    pub fn keep_tracked(&self, in_use: impl Fn() -> Vec<WorldKey> + Send + Sync + 'static) {
        self.engine.listeners.in_use.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(in_use));
    }

    /// Writes that wait now.
    #[must_use]
    pub fn queued_writes(&self) -> usize {
        self.writer.queued()
    }
}
