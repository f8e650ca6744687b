//! What goes on behind the traces' verbs: commit, tell, listen. How a view is made anew stands in [`refresh`].

mod refresh;

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use tokio::{sync::mpsc, time::Instant};

use super::{
    job::Job,
    model::{InsertOutcome, NewTraces, Progress, ScopeKey, TraceError, TraceKind, TransferredTrace, WorldKey},
    news::{self, Announcement, ChangeListener, WorldChange},
    revision_tracker::{RevisionCheck, RevisionTracker},
    store::{CommittedCommands, Imported, InsertedBatch, WorldCommand},
    stores::{Revisions, Stores},
    trim_queue::TrimQueue,
    view::{View, ViewKey},
};
use crate::{
    identity::studios::Studios,
    platform::{
        cache::Cache, codec::deflate, error::StoreError, metrics::Metrics, snapshot::cache::SnapshotCache,
        tasks::Tasks, writer,
    },
    traces::rules::Rules,
};

/// A snapshot is put in the cache this often at most: it is there for instances that start, which take the rest from the
/// database.
const PARCEL_PAUSE: Duration = Duration::from_secs(1);

/// Holes wider than this many ids mark every hot view instead of the scopes that they touch.
const NARROW_HOLE: i64 = 10_000;

/// How often a transaction that lost against another is tried.
const TRIES: u32 = 4;

/// A world of which nothing was asked for so long, and no view is at hand, is not looked after any more.
const IDLE: Duration = Duration::from_mins(2);

/// Between two rounds of forgetting worlds that are idle.
const IDLE_PAUSE: Duration = Duration::from_mins(1);

/// What one instance has begun no other begins for so long.
const CLAIM_LASTS: Duration = Duration::from_mins(1);

/// What the feature is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The write queue.
    pub writer: writer::Limits,
    /// For how long an idempotency key is remembered.
    pub remember_keys: Duration,
    /// Bytes of hot snapshots.
    pub snapshot_bytes: u64,
    /// Bytes of what was left recent.
    pub recent_bytes: usize,
    /// What a reader waits for a snapshot.
    pub snapshot_wait: Duration,
    /// Between two looks at the durable revision.
    pub revision_check: Duration,
    /// For how long the cache keeps a snapshot.
    pub cache_ttl: Duration,
}

/// What the background work shares.
#[derive(Clone)]
pub struct Behind {
    stores: Stores,
    studios: Studios,
    cache: Cache,
    compressors: deflate::Pool,
    revision_tracker: Arc<RevisionTracker>,
    trim_queue: Arc<TrimQueue>,
    parcelled: moka::sync::Cache<ViewKey, ()>,
    settings: Settings,
    tasks: Tasks,
    metrics: Metrics,
    watchers: Arc<RwLock<Vec<Box<ChangeListener>>>>,
}

impl fmt::Debug for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behind").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Stores something; again when it lost against another transaction, which has rolled it back.
async fn again<T, F: Future<Output = Result<T, StoreError>>>(mut store: impl FnMut() -> F) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match store().await {
            Err(StoreError::Conflict(error)) if tries < TRIES => {
                tracing::debug!(%error, tries, "a batch lost against another; again");
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

impl Behind {
    /// On those stores, with nothing revision_tracker yet.
    pub fn new(
        stores: Stores,
        studios: Studios,
        cache: Cache,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &Metrics,
    ) -> Self {
        let parcelled = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(PARCEL_PAUSE).build();
        Self {
            stores,
            studios,
            cache,
            compressors,
            revision_tracker: Arc::new(RevisionTracker::new(settings.recent_bytes)),
            trim_queue: Arc::default(),
            parcelled,
            settings,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            watchers: Arc::default(),
        }
    }

    /// Looks after a world from now on; to be called before it is written to, or a view of it is made.
    pub async fn look_after(&self, world: WorldKey) -> Result<(), StoreError> {
        if !self.revision_tracker.touch(world) {
            self.revision_tracker.begin(world, self.stores.of(world).await?.revision(world).await?);
        }
        Ok(())
    }

    pub fn stores(&self) -> &Stores {
        &self.stores
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The last of a world of which all before was revision_tracker, too.
    pub fn tracked_revision(&self, world: WorldKey) -> i64 {
        self.revision_tracker.upto(world)
    }

    /// The worlds that are looked after.
    pub fn worlds(&self) -> Vec<WorldKey> {
        self.revision_tracker.worlds()
    }

    /// What a world's game decides.
    pub fn rules(&self, world: WorldKey) -> Arc<Rules> {
        self.studios.rules(world.studio(), world.world())
    }

    /// The scopes and kinds that may hold too many.
    pub fn take_due(&self) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        self.trim_queue.take_due(|world| self.rules(world))
    }

    /// Takes in that so many more of a kind may lie in a scope than a look has found.
    pub fn set_room(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, room: u64) {
        self.trim_queue.set_room(world, scope, kind, room);
    }

    /// Whether this instance is the one that does something to a world, of all those that see that it is to be done.
    pub async fn is_chosen(&self, what: &str) -> bool {
        self.cache.claim(&format!("upkeep:{what}"), CLAIM_LASTS).await.is_ok()
    }

    /// Stores traces from elsewhere.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: &[TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let store = self.stores.of(world).await?;
        // On the heap: all that it waits for in turn would make a type deeper than the compiler follows.
        again(|| Box::pin(store.import(world, batch, input, progress))).await
    }

    /// Commits a batch of jobs for one world; one answer for each job, in order.
    pub async fn commit(
        &self,
        batch: Vec<Job>,
        views: &SnapshotCache<ViewKey, View, TraceError>,
    ) -> Vec<Result<InsertOutcome, TraceError>> {
        let mut answers: Vec<Option<Result<InsertOutcome, TraceError>>> = batch.iter().map(|_| None).collect();
        let (leaves, commands): (Vec<_>, Vec<_>) =
            batch.iter().enumerate().partition(|(_, job)| matches!(job, Job::NewTraces(_)));
        // Halves of a batch in which a row is at fault, the next one last. Those that leave something share a statement.
        let mut parts: Vec<&[(usize, &Job)]> =
            [&*commands, &*leaves].into_iter().filter(|part| !part.is_empty()).collect();
        while let Some(part) = parts.pop() {
            let began = Instant::now();
            let jobs: Vec<&Job> = part.iter().map(|(_, job)| *job).collect();
            let outcome = self.store_batch(&jobs, views).await;
            self.metrics.batch(part.len(), began.elapsed());
            let outcomes: Vec<Result<InsertOutcome, TraceError>> = match outcome {
                Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
                Err(StoreError::InvalidRow(_)) if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                    continue;
                }
                Err(error) => {
                    let error = Arc::new(error);
                    part.iter().map(|_| Err(TraceError::Store(Arc::clone(&error)))).collect()
                }
            };
            for ((at, _), outcome) in part.iter().zip(outcomes) {
                if let Some(answer) = answers.get_mut(*at) {
                    *answer = Some(outcome);
                }
            }
        }
        let unanswered = || Err(TraceError::Broken("a job was passed over".to_owned()));
        answers.into_iter().map(|answer| answer.unwrap_or_else(unanswered)).collect()
    }

    /// Stores jobs that are all of one sort, and tells of what has changed.
    async fn store_batch(
        &self,
        jobs: &[&Job],
        views: &SnapshotCache<ViewKey, View, TraceError>,
    ) -> Result<Vec<InsertOutcome>, StoreError> {
        let Some(first) = jobs.first() else { return Ok(Vec::new()) };
        let world = first.world();
        let store = self.stores.of(world).await?;
        let leaves: Vec<&NewTraces> = jobs.iter().filter_map(|job| job.leave()).collect();
        if leaves.is_empty() {
            let commands: Vec<&WorldCommand> = jobs.iter().filter_map(|job| job.run()).collect();
            if let Some(CommittedCommands { after, upto, scopes, unmade, left }) =
                again(|| store.run(world, &commands)).await?
            {
                self.trim_queue.count(left.iter().map(|(scope, kind)| (world, scope, *kind)));
                self.tell(Announcement { world, after, upto, scopes, unmade, left: None }, views);
            }
            return Ok(commands.iter().map(|_| InsertOutcome::Stored).collect());
        }
        let InsertedBatch { outcomes, placed, after, upto } = again(|| store.leave(world, &leaves)).await?;
        self.trim_queue
            .count(leaves.iter().flat_map(|job| job.traces.iter().map(|trace| (world, &job.scope, trace.kind))));
        let scopes = leaves.iter().map(|job| job.scope.clone()).collect();
        let left = news::taken_along(&leaves, &placed);
        self.tell(Announcement { world, after, upto, scopes, unmade: false, left }, views);
        Ok(outcomes)
    }

    /// Marks what is new, and tells the others.
    pub fn tell(&self, announcement: Announcement, views: &SnapshotCache<ViewKey, View, TraceError>) {
        self.hear(&announcement, views);
        if self.cache.is_shared() {
            let cache = self.cache.clone();
            // Nobody's answer waits for it.
            self.tasks.spawn("announce", async move {
                if let Some(bytes) = announcement.to_bytes() {
                    cache.announce(news::CHANNEL, bytes).await;
                }
            });
        }
    }

    fn hear(&self, announcement: &Announcement, views: &SnapshotCache<ViewKey, View, TraceError>) {
        let Announcement { world, after, upto, scopes, unmade, left } = announcement;
        // First: who comes for what is marked looks there.
        self.revision_tracker.hear(*world, *after, *upto, left.clone());
        for scope in scopes {
            views.mark(&ViewKey { world: *world, scope: scope.clone() }, *upto);
        }
        self.watched(WorldChange { world: *world, upto: *upto, scopes: Some(scopes), unmade: *unmade });
    }

    /// From now on `watcher` is told of all that changes in the worlds that are in use here, and of some that are not.
    pub fn watch(&self, watcher: Box<ChangeListener>) {
        self.watchers.write().unwrap_or_else(PoisonError::into_inner).push(watcher);
    }

    fn watched(&self, news: WorldChange<'_>) {
        for watcher in &*self.watchers.read().unwrap_or_else(PoisonError::into_inner) {
            watcher(news);
        }
    }

    pub async fn listen(
        self,
        mut announcements: mpsc::Receiver<Bytes>,
        views: SnapshotCache<ViewKey, View, TraceError>,
    ) {
        while let Some(bytes) = announcements.recv().await {
            if let Some(announcement) = Announcement::of_bytes(&bytes) {
                self.hear(&announcement, &views);
            } else {
                tracing::warn!("an announcement can't be read; is another version of Cairn on this cache?");
            }
        }
    }

    /// The net under lost announcements, over the worlds that are in use here.
    pub async fn check_revisions(self, views: SnapshotCache<ViewKey, View, TraceError>) {
        let mut pause = tokio::time::interval(self.settings.revision_check);
        pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut swept = Instant::now();
        for turn in 0.. {
            pause.tick().await;
            if swept.elapsed() > IDLE_PAUSE {
                swept = Instant::now();
                let shown: HashSet<WorldKey> = views.keys().into_iter().map(|key| key.world).collect();
                self.revision_tracker.forget_idle(IDLE, &shown);
            }
            // A database that is away is told of by those who need it.
            let Ok(Revisions { durable, gone }) = self.stores.revisions(self.revision_tracker.worlds(), turn).await
            else {
                continue;
            };
            self.revision_tracker.forget(&gone);
            for (world, durable) in durable {
                self.check_revision(world, durable, &views).await;
            }
        }
    }

    async fn check_revision(&self, world: WorldKey, durable: i64, views: &SnapshotCache<ViewKey, View, TraceError>) {
        let (after, upto) = match self.revision_tracker.look(world, durable) {
            RevisionCheck::UpToDate => return,
            RevisionCheck::Gap(after, upto) => (after, upto),
            RevisionCheck::Rewound(upto) => {
                tracing::warn!(%world, upto, "the database was set back; what was made of it is made from the start");
                for key in views.keys().iter().filter(|key| key.world == world) {
                    views.remove(key);
                    // The next takes the place of what is in the cache.
                    self.parcelled.invalidate(key);
                }
                self.watched(WorldChange { world, upto, scopes: None, unmade: true });
                return;
            }
        };
        if upto - after > NARROW_HOLE {
            self.revision_tracker.hear(world, after, upto, None);
            views.mark_all(upto, |key| key.world == world);
            self.watched(WorldChange { world, upto, scopes: None, unmade: true });
        } else {
            let Ok(scopes) = self.scopes_between(world, after, upto).await else {
                return;
            };
            self.revision_tracker.hear(world, after, upto, None);
            for scope in &scopes {
                views.mark(&ViewKey { world, scope: scope.clone() }, upto);
            }
            self.watched(WorldChange { world, upto, scopes: Some(&scopes), unmade: true });
        }
    }

    async fn scopes_between(&self, world: WorldKey, after: i64, upto: i64) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let limit = u64::try_from(NARROW_HOLE).unwrap_or(u64::MAX);
        self.stores.of(world).await?.scopes_between(world, after, upto, limit).await
    }
}
