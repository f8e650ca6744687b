//! What can be done with traces: leave some, look at a scope.

use std::{collections::BTreeSet, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{
    behind::{Behind, Settings},
    job::Job,
    metrics::TraceMetrics,
    model::{Idempotency, InsertOutcome, NewTraces, Progress, ScopeKey, TraceError, TransferredTrace, WorldKey},
    news::{Announcement, ChangeListener},
    seed,
    settings::GameRules,
    store::{Command, QueuedCommand, Store, WorldCommand},
    stores::Stores,
    view::{View, ViewKey},
};
use crate::platform::{
    cache::Cache,
    codec::deflate,
    db::{Database, StudioId, Tenant},
    error::{Fault, StoreError},
    snapshot::cache::{SnapshotCache, Unavailable},
    tasks::Tasks,
    writer::Writer,
};

/// A body larger than this is parsed and packed off the reactor.
const INLINE_BYTES: usize = 32 * 1024;

/// Bytes of an `Idempotency-Key`, at most.
const KEY_BYTES: usize = 255;

/// Leaves and shows traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Traces {
    writer: Writer<Job, Result<InsertOutcome, TraceError>>,
    views: SnapshotCache<ViewKey, View, TraceError>,
    compressors: deflate::Pool,
    behind: Behind,
}

impl Traces {
    /// Starts the feature. `announcements` are those of the other instances, of [`super::CHANNEL`].
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "each is a part of the program that traces stand on")]
    pub fn start(
        database: Database,
        rules: GameRules,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &TraceMetrics,
    ) -> Self {
        let stores = Stores::new(database);
        let behind = Behind::new(stores, rules, cache, compressors.clone(), settings, tasks, metrics);
        let refresher = behind.clone();
        let views = SnapshotCache::new(
            settings.snapshot_bytes,
            settings.snapshot_wait,
            tasks,
            &metrics.snapshots,
            move |key, held| refresher.clone().refresh(key, held).boxed(),
        );
        let (committer, told) = (behind.clone(), views.clone());
        let writer = Writer::start(tasks, settings.writer, Job::world, move |batch| {
            let (committer, told) = (committer.clone(), told.clone());
            async move { committer.commit(batch, &told).await }
        });
        tasks.spawn_until_stop("announcements", behind.clone().listen(announcements, views.clone()));
        tasks.spawn_until_stop("revision check", behind.clone().check_revisions(views.clone()));
        let traces = Self { writer, views, compressors, behind };
        tasks.spawn_until_stop("upkeep", traces.clone().keep_up());
        traces
    }

    /// Leaves what a seed client sent in a world: all of it, once, durably. `caller` is the id of the key that was shown,
    /// empty where none was; `key` the name that the caller gave this request.
    ///
    /// # Errors
    /// [`TraceError`]; then nothing was stored, unless the database is away, which can't know.
    pub async fn add_objects(
        &self,
        world: WorldKey,
        caller: &str,
        mut body: BytesMut,
        key: Option<&str>,
    ) -> Result<(), TraceError> {
        let idempotency = key.map(|key| idempotency(caller, key, &body)).transpose()?;
        let size_bytes = body.len();
        let mut compressor = self.compressors.get().await.map_err(|error| TraceError::Broken(error.to_string()))?;
        let (scope, traces) = if size_bytes > INLINE_BYTES {
            let read = move || seed::read(&mut body, &mut compressor);
            tokio::task::spawn_blocking(read).await.map_err(|error| TraceError::Broken(error.to_string()))??
        } else {
            let read = seed::read(&mut body, &mut compressor)?;
            drop(compressor);
            read
        };
        self.behind.look_after(world).await?;
        self.leave(NewTraces { world, scope, traces, idempotency }).await
    }

    async fn leave(&self, job: NewTraces) -> Result<(), TraceError> {
        let size_bytes = job.size_bytes();
        match self.writer.submit(Job::NewTraces(job), size_bytes).await?? {
            InsertOutcome::Stored | InsertOutcome::AlreadyStored => Ok(()),
            InsertOutcome::OtherRequest => Err(TraceError::KeyReused),
        }
    }

    /// Does something to a world, durably, in the order in which it comes.
    ///
    /// # Errors
    /// [`TraceError`]; then it was not done, unless the database is away, which can't know.
    pub async fn run<C: Command>(&self, world: WorldKey, command: C) -> Result<C::Output, TraceError> {
        self.behind.look_after(world).await?;
        let size_bytes = command.size_bytes();
        let queued = QueuedCommand::new(command);
        let job = Job::Command(WorldCommand { world, command: queued.clone() });
        self.writer.submit(job, size_bytes).await??;
        queued.take().ok_or_else(|| TraceError::Broken("a command was passed over".to_owned()))
    }

    /// The tables of a studio.
    ///
    /// # Errors
    /// The studio is gone, or the database is away.
    pub async fn tables(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.behind.stores().tables(studio).await
    }

    /// From now on `watcher` is told of all that changes in the worlds that are in use here.
    pub fn watch(&self, watcher: Box<ChangeListener>) {
        self.behind.watch(watcher);
    }

    /// Looks after a world from now on, so that watchers hear of it.
    ///
    /// # Errors
    /// The world is gone, or the database is away.
    pub async fn look_after(&self, world: WorldKey) -> Result<(), StoreError> {
        self.behind.look_after(world).await
    }

    /// The last of a world that was revision_tracker of here: all up to it can be read.
    #[must_use]
    pub fn tracked_revision(&self, world: WorldKey) -> i64 {
        self.behind.tracked_revision(world)
    }

    pub(super) fn behind(&self) -> &Behind {
        &self.behind
    }

    /// The newest traces of a scope, if nobody has to wait for them.
    #[must_use]
    pub fn try_get(&self, world: WorldKey, scope: ScopeKey) -> Option<Arc<View>> {
        self.views.try_get(&ViewKey { world, scope })
    }

    /// The newest traces of a scope.
    ///
    /// # Errors
    /// There is no snapshot at hand and none can be made.
    pub async fn look(&self, world: WorldKey, scope: ScopeKey) -> Result<Arc<View>, TraceError> {
        self.behind.look_after(world).await?;
        let key = ViewKey { world, scope };
        self.views.get(&key).await.map_err(|missing| match missing {
            Unavailable::TimedOut => TraceError::Late,
            Unavailable::Failed(error) => match &*error {
                TraceError::Store(error) => TraceError::Store(Arc::clone(error)),
                TraceError::Corrupt(error) => TraceError::Corrupt(*error),
                other => TraceError::Broken(other.to_string()),
            },
        })
    }

    /// The traces of the studio whose world this is.
    pub(super) async fn store(&self, world: WorldKey) -> Result<Store, StoreError> {
        self.behind.stores().of(world).await
    }

    /// Stores traces from elsewhere; returns the world's revision then, and how many were new.
    pub(super) async fn take_in(
        &self,
        world: WorldKey,
        batch: &[TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<(i64, i64), StoreError> {
        let done = self.behind.import(world, batch, input, progress).await?;
        Ok((done.seq, done.taken))
    }

    /// Marks what was imported, and tells the others.
    pub(super) fn tell_imported(&self, world: WorldKey, after: i64, upto: i64, scopes: BTreeSet<ScopeKey>) {
        self.behind.tell(Announcement { world, after, upto, scopes, unmade: false, left: None }, &self.views);
    }

    /// Writes that wait now.
    #[must_use]
    pub fn queued_writes(&self) -> usize {
        self.writer.queued()
    }
}

/// An `Idempotency-Key`, if it is one.
///
/// # Errors
/// It is too long, or holds something else than visible ASCII characters.
pub fn check_key(key: &str) -> Result<&str, TraceError> {
    if !(1..=KEY_BYTES).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("must be 1 to {KEY_BYTES} visible ASCII characters");
        return Err(TraceError::Invalid(vec![Fault::new("Idempotency-Key", detail)]));
    }
    Ok(key)
}

fn idempotency(caller: &str, key: &str, body: &[u8]) -> Result<Idempotency, TraceError> {
    let key = check_key(key)?;
    Ok(Idempotency { caller: caller.to_owned(), key: key.to_owned(), digest: Sha256::digest(body).into() })
}
