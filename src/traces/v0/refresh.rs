//! Refreshes a snapshot: the base is the snapshot in memory, else the one in the shared cache, else an empty one; to it are added
//! the recently inserted traces, or what the database has that is newer.
//!
//! A snapshot from the shared cache serves the first readers after a start. Nobody proves that it was made from this database, so it is
//! replaced by one from the database soon after.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    model::Newest,
    recent::{self, RecentTrace},
    snapshot::{self, View, ViewKey},
    store::{NEAR, Store},
};
use crate::{
    platform::{
        cache::Cache,
        codec::deflate::{self, Compressor},
        error::StoreError,
        snapshot::cache::Snapshot,
        tasks::Tasks,
    },
    traces::{TraceMetrics, TraceWorlds, trace::TraceError},
    worlds::{RecentBatches, ScopeKey},
};

/// The shortest time between two writes of one snapshot to the shared cache. Only instances that start read it there, and they
/// read what is newer from the database.
const PUBLISH_PAUSE: Duration = Duration::from_secs(1);

/// How long a snapshot from the shared cache may serve.
const SHARED_FOR: Duration = Duration::from_secs(1);

/// Refreshes snapshots. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Refresher {
    worlds: TraceWorlds,
    cache: Cache,
    compressors: deflate::Pool,
    cache_ttl: Duration,
    /// The snapshots that were written to the shared cache within [`PUBLISH_PAUSE`].
    published: moka::sync::Cache<ViewKey, ()>,
    /// The snapshots that were taken from the shared cache, with the time of each, oldest first.
    shared: Arc<Mutex<Vec<(Instant, ViewKey)>>>,
    /// The snapshots that must not be taken from the shared cache, because what is there may be wrong.
    distrusted: moka::sync::Cache<ViewKey, ()>,
    tasks: Tasks,
    metrics: TraceMetrics,
}

/// The source of a refresh.
enum Newer {
    /// Recently inserted traces.
    Recent(RecentBatches<RecentTrace>),
    /// Traces of the database that are newer than the snapshot.
    Added(Newest),
    /// All traces of the database: it was rewound since the snapshot was made, or a trace in the snapshot was removed or changed.
    All(Newest),
}

impl Newer {
    fn apply(&self, base: &View, scope: &ScopeKey, compressor: &mut Compressor) -> Result<View, TraceError> {
        match self {
            Self::Recent(recent) => {
                let newer = recent::newest(recent, scope, base.revision(), &snapshot::limits());
                base.with(recent.upto, &newer, compressor)
            }
            Self::Added(newest) => base.with(newest.revision, &newest.traces, compressor),
            Self::All(newest) => base.of(newest.revision, &newest.traces, compressor),
        }
    }
}

impl Refresher {
    /// A refresher that has published nothing yet.
    pub fn new(
        worlds: TraceWorlds,
        cache: Cache,
        compressors: deflate::Pool,
        cache_ttl: Duration,
        tasks: &Tasks,
        metrics: &TraceMetrics,
    ) -> Self {
        let recently = |time| moka::sync::Cache::builder().max_capacity(100_000).time_to_live(time).build();
        Self {
            worlds,
            cache,
            compressors,
            cache_ttl,
            published: recently(PUBLISH_PAUSE),
            shared: Arc::default(),
            distrusted: recently(cache_ttl),
            tasks: tasks.clone(),
            metrics: metrics.clone(),
        }
    }

    /// Lets the next snapshot of this key be made from the database alone, and be published without a pause: what is in the shared
    /// cache may be wrong.
    pub fn distrust(&self, key: &ViewKey) {
        self.distrusted.insert(key.clone(), ());
        self.published.invalidate(key);
    }

    /// The snapshots that were taken from the shared cache and have served for long enough.
    pub fn take_served(&self) -> Vec<ViewKey> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let served = shared.partition_point(|(taken_at, _)| taken_at.elapsed() >= SHARED_FOR);
        shared.drain(..served).map(|(_, key)| key).collect()
    }

    /// Refreshes the snapshot of a key; `held` is the one in memory.
    pub async fn refresh(self, key: ViewKey, held: Option<Arc<View>>) -> Result<View, TraceError> {
        let (base, recent) = match held {
            Some(held) => (Arc::clone(&held), self.worlds.recent(key.world, held.revision())),
            // Changes mark only snapshots in memory, so the first read must query the database.
            None => (Arc::new(self.cached(&key).await.unwrap_or_else(View::empty)), None),
        };
        self.metrics.refreshed_from(recent.is_some());
        let newer = match recent {
            Some(recent) => Newer::Recent(recent),
            None => self.read_newer(&key, &base).await?,
        };
        let mut compressor = self.compressors.get().await.map_err(TraceError::broken)?;
        let is_due = self.published.get(&key).is_none();
        let scope = key.scope.clone();
        let make = move || {
            let view = newer.apply(&base, &scope, &mut compressor)?;
            // Encoding copies the whole snapshot, so it must not run on an async thread.
            let encoded = is_due.then(|| view.encode());
            Ok::<_, TraceError>((view, encoded))
        };
        let (view, encoded) = tokio::task::spawn_blocking(make).await.map_err(TraceError::broken)??;
        if let Some(encoded) = encoded {
            self.publish(key, encoded);
        }
        Ok(view)
    }

    /// Reads what is newer than a snapshot from the database.
    async fn read_newer(&self, key: &ViewKey, base: &View) -> Result<Newer, StoreError> {
        let limits = snapshot::limits();
        let store = Store::new(&self.worlds.tables(key.world.studio()).await?, key.world);
        let after = base.revision();
        // The database may be further than this instance knows: then the snapshot is complete up to fewer ids and stays marked.
        let is_near = after > 0 && self.worlds.last_revision(key.world) <= after + NEAR;
        let newest = if is_near {
            store.nearest(&key.scope, after, &limits).await?
        } else {
            store.newest(&key.scope, after, &limits).await?
        };
        // The revision is lower after the database was rewound, for example to a backup.
        if newest.revision >= after && base.is_unchanged_by(&newest.changes) {
            return Ok(Newer::Added(newest));
        }
        Ok(Newer::All(store.newest(&key.scope, 0, &limits).await?))
    }

    /// The snapshot in the shared cache.
    async fn cached(&self, key: &ViewKey) -> Option<View> {
        if self.distrusted.contains_key(key) {
            return None;
        }
        let found = self.cache.get(&key.cache_key()).await;
        self.metrics.cache_read(found.is_some());
        let encoded = found?;
        let view = tokio::task::spawn_blocking(move || View::decode(encoded)).await.ok().flatten();
        if view.is_some() && self.cache.is_shared() {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.push((Instant::now(), key.clone()));
        }
        view
    }

    fn publish(&self, key: ViewKey, encoded: Bytes) {
        let (cache, name, ttl) = (self.cache.clone(), key.cache_key(), self.cache_ttl);
        self.published.insert(key, ());
        self.tasks.spawn("publish snapshot", async move { cache.set(&name, encoded, ttl).await });
    }
}
