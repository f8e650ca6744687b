//! The public interface of the engine.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use tokio::{sync::mpsc, time::Instant};

use super::{
    announcement::Announcement,
    command::{Command, QueuedCommand, WorldCommand},
    insert::Insert,
    job::Job,
    model::{InsertOutcome, Revision, ScopeKey, SilentChanges, WorldChange, WorldError, WorldKey},
    revision_tracker::{RecentBatches, RevisionTracker},
    storage::{StorageBounds, StorageUse},
    tenants::Tenants,
};
use crate::platform::{
    cache::Cache,
    db::{Database, StudioId, Tenant, with_deadline},
    error::StoreError,
    tasks::Tasks,
    writer::{self, Writer, WriterMetrics},
};

/// The engine's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Limits of the write queue.
    pub writer: writer::Limits,
    /// The most memory that recently inserted rows may use, in bytes.
    pub recent_bytes: usize,
    /// Time between two checks of the durable revisions.
    pub revision_check: Duration,
    /// How much worlds and studios may store.
    pub bounds: StorageBounds,
}

type ChangeListener = dyn Fn(WorldChange<'_>) + Send + Sync;
type AddedListener = dyn Fn(WorldKey, &[(ScopeKey, i16)]) + Send + Sync;
type WorldsInUse = dyn Fn() -> Vec<WorldKey> + Send + Sync;

/// The listeners of the engine.
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

/// The state that the engine's tasks share. Cheap to clone.
pub struct Engine<I: Insert> {
    pub(super) tenants: Tenants,
    pub(super) cache: Cache,
    pub(super) tracker: Arc<RevisionTracker<I::Recent>>,
    pub(super) listeners: Arc<Listeners>,
    pub(super) revision_check: Duration,
    pub(super) bounds: StorageBounds,
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
            bounds: self.bounds,
            tasks: self.tasks.clone(),
            metrics: self.metrics.clone(),
        }
    }
}

impl<I: Insert> Engine<I> {
    /// How long a write may take, from its submission.
    pub(super) fn deadline(&self) -> Duration {
        self.tenants.deadline()
    }

    async fn track(&self, world: WorldKey) -> Result<(), StoreError> {
        if self.tracker.touch(world) {
            return Ok(());
        }
        let until = Instant::now() + self.deadline();
        let read = async { self.tenants.of(world).await?.revision(world).await };
        // Boxed: it is needed once, and would be part of the future of every write.
        let revision = Box::pin(with_deadline(until, read)).await?;
        self.tracker.track(world, revision);
        Ok(())
    }
}

/// Writes to worlds, and notifies listeners of changes. `I` is the domain's bulk insert. Cheap to clone.
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
    /// Starts the engine. `announcements` receives those of other instances, on [`super::CHANNEL`].
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
            bounds: settings.bounds,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
        };
        let committer = engine.clone();
        let tenant = |job: &Job<I>| job.world().studio().0;
        let writer = Writer::start(tasks, settings.writer, Job::world, tenant, move |batch| {
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
    /// [`WorldError`]; then nothing was stored, except that after [`StoreError::Unavailable`] it is unknown.
    pub async fn insert(&self, rows: I) -> Result<InsertOutcome, WorldError> {
        let until = Instant::now() + self.engine.deadline();
        self.engine.track(rows.world()).await?;
        let size_bytes = rows.size_bytes();
        self.writer.submit(Job::Insert(rows), size_bytes, until).await?
    }

    /// Runs a command in a world, durably. Commands of a world run in the order of these calls.
    ///
    /// # Errors
    /// [`WorldError`]; then nothing was done, except that after [`StoreError::Unavailable`] it is unknown.
    pub async fn run<C: Command>(&self, world: WorldKey, command: C) -> Result<C::Output, WorldError> {
        let until = Instant::now() + self.engine.deadline();
        self.engine.track(world).await?;
        let size_bytes = command.size_bytes();
        let queued = QueuedCommand::new(command);
        let job = Job::Command(WorldCommand { world, command: queued.clone() });
        self.writer.submit(job, size_bytes, until).await??;
        queued.take().ok_or(WorldError::Broken("a command was not run"))
    }

    /// The tables of a studio.
    ///
    /// # Errors
    /// The studio does not exist, or the database is unavailable.
    pub async fn tables(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.engine.tenants.tables(studio).await
    }

    /// The world's durable revision.
    ///
    /// # Errors
    /// The world does not exist, or the database is unavailable.
    pub async fn revision(&self, world: WorldKey) -> Result<i64, StoreError> {
        Ok(self.engine.tenants.of(world).await?.revision(world).await?.seq)
    }

    /// What a world and its studio store.
    ///
    /// # Errors
    /// The world does not exist, or the database is unavailable.
    pub async fn storage(&self, world: WorldKey) -> Result<StorageUse, StoreError> {
        self.engine.tenants.of(world).await?.storage(world).await
    }

    /// How much worlds and studios may store.
    #[must_use]
    pub fn bounds(&self) -> StorageBounds {
        self.engine.bounds
    }

    /// Tracks a world from now on. Call this before making a snapshot of it or waiting for its changes.
    ///
    /// # Errors
    /// The world does not exist, or the database is unavailable.
    pub async fn track(&self, world: WorldKey) -> Result<(), StoreError> {
        self.engine.track(world).await
    }

    /// The worlds in use on this instance.
    #[must_use]
    pub fn tracked(&self) -> Vec<WorldKey> {
        self.engine.tracker.tracked()
    }

    /// The revision of a world up to which this instance knows all changes, so that they can be read; 0 if the world is not tracked.
    #[must_use]
    pub fn tracked_revision(&self, world: WorldKey) -> i64 {
        self.engine.tracker.upto(world)
    }

    /// The newest revision of a world that this instance knows, even if changes before it are missing.
    #[must_use]
    pub fn last_revision(&self, world: WorldKey) -> i64 {
        self.engine.tracker.last(world)
    }

    /// All rows inserted into a world after a revision; `None` where other things have, or may have, changed too.
    #[must_use]
    pub fn recent(&self, world: WorldKey, after: i64) -> Option<RecentBatches<I::Recent>> {
        self.engine.tracker.recent(world, after)
    }

    /// Announces rows that the caller has stored in its own transaction, as imports do.
    pub fn announce(&self, world: WorldKey, after: i64, upto: Revision, scopes: impl IntoIterator<Item = ScopeKey>) {
        let scopes = scopes.into_iter().collect();
        let silent = Some(SilentChanges::default());
        self.engine.announce(Announcement { world, after, upto, scopes, silent, alters_existing: false, recent: None });
    }

    /// Registers a listener for the changes of the worlds in use on this instance; it also gets some changes of other worlds.
    pub fn on_change(&self, listener: impl Fn(WorldChange<'_>) + Send + Sync + 'static) {
        self.engine.listeners.changed.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Registers a listener for the rows that this instance adds to a world: the scope and code of each.
    pub fn on_added(&self, listener: impl Fn(WorldKey, &[(ScopeKey, i16)]) + Send + Sync + 'static) {
        self.engine.listeners.added.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Keeps the worlds tracked that `in_use` returns, even while they are neither written nor read.
    pub fn keep_tracked(&self, in_use: impl Fn() -> Vec<WorldKey> + Send + Sync + 'static) {
        self.engine.listeners.in_use.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(in_use));
    }

    /// The number of writes in the queue.
    #[must_use]
    pub fn queued_writes(&self) -> usize {
        self.writer.queued()
    }
}
