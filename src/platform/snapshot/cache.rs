//! The snapshots in this instance's memory, bounded in bytes.
//!
//! A snapshot is marked when a newer revision exists. The next reader starts its refresh; one refresh at a time runs
//! for each. The first two readers wait for it, and so see everything that was written before their request. With more
//! readers (it is *crowded*), none waits: all get the present snapshot, and the next refresh starts a short pause after
//! the last one, until a refresh has at most two readers (docs/adr/0003-who-waits-for-a-refresh.md). When a refresh
//! fails, the present snapshot is served, and the next attempt follows after a pause.

use std::{
    convert::Infallible,
    hash::Hash,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use quick_cache::{
    Weighter,
    sync::{Cache, EntryAction},
};
use tokio::time::Instant;

use crate::platform::{
    metrics::{Metrics, Viewed},
    tasks::Tasks,
};

/// Readers that may wait for one refresh; with more it is crowded.
const MAX_WAITING: u32 = 2;

/// The shortest pause between two refreshes of a crowded snapshot.
const MIN_CROWDED_PAUSE: Duration = Duration::from_millis(20);

/// The pause as a multiple of the last refresh's duration: the busier the machine, the fewer refreshes.
const CROWDED_PAUSE_FACTOR: u32 = 3;

/// The longest such pause.
const MAX_CROWDED_PAUSE: Duration = Duration::from_millis(60);

/// A snapshot is no longer crowded when it was not refreshed for this long.
const CROWDED_FOR: Duration = Duration::from_secs(1);

/// The pause after a failed refresh.
const FAILED_PAUSE: Duration = Duration::from_secs(1);

/// A value of the cache.
pub trait Snapshot: Send + Sync + 'static {
    /// The revision up to which it is complete.
    fn revision(&self) -> i64;
    /// Its size in memory.
    fn size_bytes(&self) -> usize;
}

type Refreshed<V, E> = Result<Arc<V>, Arc<E>>;
type PendingRefresh<V, E> = Shared<BoxFuture<'static, Refreshed<V, E>>>;
type Refresh<K, V, E> = dyn Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync;

/// A slot with its weight, which changes only when the slot is inserted again.
type WeightedSlot<V, E> = (Arc<Slot<V, E>>, u64);

#[derive(Clone)]
struct Weight;

impl<K, V, E> Weighter<K, WeightedSlot<V, E>> for Weight {
    fn weight(&self, _: &K, weighted: &WeightedSlot<V, E>) -> u64 {
        weighted.1
    }
}

/// The size of an empty slot with its key.
const EMPTY_BYTES: u64 = 400;

/// The size of a shard, each of which has a lock. Several of the largest snapshots fit in one.
const SHARD_BYTES: u64 = 64 << 20;

/// The slots for which a shard is made; `quick_cache` makes no shard of fewer.
const SHARD_SLOTS: usize = 32;

struct Slot<V, E> {
    state: Mutex<State<V, E>>,
    /// The newest revision that is known to exist.
    wanted: AtomicI64,
}

struct State<V, E> {
    held: Option<Arc<V>>,
    pending: Option<PendingRefresh<V, E>>,
    /// Readers so far that wanted something newer than `held`.
    readers: u32,
    /// The number of such readers at the last refresh.
    readers_before: u32,
    refreshed_at: Instant,
    /// The duration of the last refresh.
    took: Duration,
    /// When a revision newer than `held` was first known.
    outdated_at: Option<Instant>,
    failed_at: Option<Instant>,
}

/// The cache. Cheap to clone.
pub struct SnapshotCache<K, V, E> {
    slots: Arc<Cache<K, WeightedSlot<V, E>, Weight>>,
    refresh: Arc<Refresh<K, V, E>>,
    tasks: Tasks,
    metrics: Metrics,
    max_wait: Duration,
}

impl<K, V, E> Clone for SnapshotCache<K, V, E> {
    fn clone(&self) -> Self {
        Self {
            slots: Arc::clone(&self.slots),
            refresh: Arc::clone(&self.refresh),
            tasks: self.tasks.clone(),
            metrics: self.metrics.clone(),
            max_wait: self.max_wait,
        }
    }
}

impl<K, V, E> std::fmt::Debug for SnapshotCache<K, V, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnapshotCache").field("max_wait", &self.max_wait).finish_non_exhaustive()
    }
}

/// Why there is no snapshot to serve.
#[derive(Debug)]
pub enum Unavailable<E> {
    /// The refresh failed.
    Failed(Arc<E>),
    /// The refresh takes too long.
    TimedOut,
}

impl<K, V, E> SnapshotCache<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Snapshot,
    E: Send + Sync + 'static,
{
    /// An empty cache for `bytes` of snapshots. `refresh` makes a new snapshot, from the present one where there is
    /// one. A reader waits for it for at most `max_wait`.
    pub fn new<F>(bytes: u64, max_wait: Duration, tasks: &Tasks, metrics: &Metrics, refresh: F) -> Self
    where
        F: Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync + 'static,
    {
        let shards = usize::try_from(bytes / SHARD_BYTES).unwrap_or(usize::MAX).clamp(1, 1024);
        Self {
            slots: Arc::new(Cache::with_weighter(shards * SHARD_SLOTS, bytes, Weight)),
            refresh: Arc::new(refresh),
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            max_wait,
        }
    }

    /// Records that `revision` exists for `key`. A key that is not in the cache needs no mark.
    pub fn mark(&self, key: &K, revision: i64) {
        if let Some((slot, _)) = self.slots.peek(key) {
            slot.mark(revision);
        }
    }

    /// Records that `revision` may exist for each key for which `concerns` holds.
    pub fn mark_all(&self, revision: i64, concerns: impl Fn(&K) -> bool) {
        for (key, (slot, _)) in self.slots.iter() {
            if concerns(&key) {
                slot.mark(revision);
            }
        }
    }

    /// Removes the snapshot for `key`.
    pub fn remove(&self, key: &K) {
        self.slots.remove(key);
    }

    /// The present snapshot for `key`, however old.
    #[must_use]
    pub fn held(&self, key: &K) -> Option<Arc<V>> {
        self.slots.peek(key)?.0.lock().held.clone()
    }

    /// The keys in the cache.
    #[must_use]
    pub fn keys(&self) -> Vec<K> {
        self.slots.iter().map(|(key, _)| key).collect()
    }

    /// The snapshot to serve for `key`, if it can be served without waiting.
    #[must_use]
    pub fn try_get(&self, key: &K) -> Option<Arc<V>> {
        let (slot, _) = self.slots.get(key)?;
        let wanted = slot.wanted.load(Ordering::Acquire);
        let held = slot.lock().without_waiting(wanted)?;
        self.count(&held, wanted);
        Some(held)
    }

    fn count(&self, served: &Arc<V>, wanted: i64) {
        self.metrics.viewed(if served.revision() >= wanted { Viewed::Hot } else { Viewed::Stale });
    }

    /// The snapshot to serve for `key`; waits for a refresh where necessary.
    ///
    /// # Errors
    /// There is none, and none could be made.
    pub async fn get(&self, key: &K) -> Result<Arc<V>, Unavailable<E>> {
        let new = || Ok::<_, Infallible>((Arc::new(Slot::new()), EMPTY_BYTES));
        let Ok((slot, _)) = self.slots.get_or_insert_with(key, new);
        // A mark that is set while a refresh runs may be newer than what it reads, so a second round can be necessary.
        // A third can't: it would be for something that was written after this request.
        let wanted = slot.wanted.load(Ordering::Acquire);
        let mut failed = None;
        let deadline = tokio::time::Instant::now() + self.max_wait;
        for _ in 0..2 {
            let pending = {
                let mut state = slot.lock();
                if let Some(held) = state.without_waiting(wanted) {
                    self.count(&held, wanted);
                    return Ok(held);
                }
                let pending = self.join(key, &slot, &mut state);
                if let Some(held) = state.held_while_crowded() {
                    self.count(&held, wanted);
                    return Ok(held);
                }
                pending
            };
            match tokio::time::timeout_at(deadline, pending).await {
                Ok(Ok(fresh)) if fresh.revision() >= wanted => {
                    self.metrics.viewed(Viewed::Made);
                    return Ok(fresh);
                }
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    failed = Some(error);
                    break;
                }
                Err(_) => break,
            }
        }
        // The refresh failed or is slow: the present one.
        let held = slot.lock().held.clone();
        self.metrics.viewed(if held.is_some() { Viewed::Stale } else { Viewed::Missing });
        held.ok_or_else(|| failed.map_or(Unavailable::TimedOut, Unavailable::Failed))
    }

    /// The running refresh, or a new one.
    fn join(&self, key: &K, slot: &Arc<Slot<V, E>>, state: &mut State<V, E>) -> PendingRefresh<V, E> {
        if let Some(pending) = &state.pending {
            return pending.clone();
        }
        let made = (self.refresh)(key.clone(), state.held.clone());
        let (cache, key, refreshed) = (self.clone(), key.clone(), Arc::clone(slot));
        let pending = async move {
            let began = Instant::now();
            let outcome = made.await.map(Arc::new).map_err(Arc::new);
            let took = began.elapsed();
            let lag = refreshed.finish_refresh(&outcome, took);
            if outcome.is_ok() {
                cache.metrics.refreshed(took, lag);
            }
            if let Ok(held) = &outcome {
                let bytes = u64::try_from(held.size_bytes()).unwrap_or(u64::MAX).saturating_add(EMPTY_BYTES);
                // Unless another slot has replaced it.
                cache.slots.entry(&key, Some(Duration::ZERO), |_, (slot, weight)| {
                    if Arc::ptr_eq(slot, &refreshed) {
                        *weight = bytes;
                    }
                    EntryAction::Retain(())
                });
            }
            outcome
        }
        .boxed()
        .shared();
        state.pending = Some(pending.clone());
        // In a task of its own, so that the refresh goes on when its reader disconnects.
        let driven = pending.clone();
        self.tasks.spawn("snapshot refresh", async move {
            let _outcome = driven.await;
        });
        pending
    }
}

impl<V: Snapshot, E> Slot<V, E> {
    fn new() -> Self {
        let state = State {
            held: None,
            pending: None,
            readers: 0,
            readers_before: 0,
            refreshed_at: Instant::now(),
            took: Duration::ZERO,
            outdated_at: None,
            failed_at: None,
        };
        Self { state: Mutex::new(state), wanted: AtomicI64::new(0) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<V, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, revision: i64) {
        if self.wanted.fetch_max(revision, Ordering::AcqRel) < revision {
            self.lock().outdated_at.get_or_insert_with(Instant::now);
        }
    }

    /// Stores the outcome of a refresh; returns for how long the slot had been outdated.
    fn finish_refresh(&self, outcome: &Refreshed<V, E>, took: Duration) -> Option<Duration> {
        let mut state = self.lock();
        state.pending = None;
        state.readers_before = std::mem::take(&mut state.readers);
        let Ok(fresh) = outcome else {
            state.failed_at = Some(Instant::now());
            return None;
        };
        state.held = Some(Arc::clone(fresh));
        state.failed_at = None;
        (state.refreshed_at, state.took) = (Instant::now(), took);
        state.outdated_at.take().map(|at| at.elapsed())
    }
}

impl<V: Snapshot, E> State<V, E> {
    /// The snapshot, if a reader may get it without waiting.
    fn without_waiting(&mut self, wanted: i64) -> Option<Arc<V>> {
        let held = self.held.as_ref()?;
        let fresh = held.revision() >= wanted;
        let failing = || self.failed_at.is_some_and(|at| at.elapsed() < FAILED_PAUSE);
        if fresh || failing() {
            return Some(Arc::clone(held));
        }
        let pause = (self.took * CROWDED_PAUSE_FACTOR).clamp(MIN_CROWDED_PAUSE, MAX_CROWDED_PAUSE);
        let pausing = self.readers_before > MAX_WAITING && self.refreshed_at.elapsed() < pause;
        let refreshing_for_others = self.pending.is_some() && self.is_crowded_by(self.readers + 1);
        let at_once = pausing || refreshing_for_others;
        self.readers += u32::from(at_once);
        at_once.then(|| Arc::clone(held))
    }

    /// The snapshot for a reader of a crowded slot while it is refreshed; `None` where the reader should wait.
    fn held_while_crowded(&mut self) -> Option<Arc<V>> {
        let held = self.held.clone()?;
        self.readers += 1;
        self.is_crowded_by(self.readers).then_some(held)
    }

    fn is_crowded_by(&self, readers: u32) -> bool {
        readers > MAX_WAITING || (self.readers_before > MAX_WAITING && self.refreshed_at.elapsed() < CROWDED_FOR)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::future::poll_immediate;
    use tokio::sync::Semaphore;

    use super::*;

    struct Made(i64);

    impl Snapshot for Made {
        fn revision(&self) -> i64 {
            self.0
        }

        fn size_bytes(&self) -> usize {
            0
        }
    }

    /// A cache, the newest revision, and permits for refreshes to end.
    fn cache() -> (SnapshotCache<(), Made, ()>, Arc<AtomicI64>, Arc<Semaphore>) {
        let (newest, ends) = (Arc::new(AtomicI64::new(1)), Arc::new(Semaphore::new(1)));
        let (made, ended) = (Arc::clone(&newest), Arc::clone(&ends));
        let (tasks, metrics) = (Tasks::default(), Metrics::new().unwrap());
        let cache = SnapshotCache::new(1 << 20, Duration::from_mins(1), &tasks, &metrics, move |(), _| {
            let (made, ended) = (Arc::clone(&made), Arc::clone(&ended));
            async move {
                ended.acquire().await.unwrap().forget();
                Ok(Made(made.load(Ordering::Relaxed)))
            }
            .boxed()
        });
        (cache, newest, ends)
    }

    /// How many of a hundred readers are not served at once.
    fn slow_readers(cache: &SnapshotCache<(), Made, ()>) -> usize {
        (0..100).filter(|_| cache.try_get(&()).is_none()).count()
    }

    #[tokio::test]
    async fn readers_of_a_crowded_snapshot_do_not_wait_for_its_refresh() {
        let (cache, newest, ends) = cache();
        assert_eq!(cache.get(&()).await.unwrap().0, 1);
        assert_eq!(slow_readers(&cache), 0);

        newest.store(2, Ordering::Relaxed);
        cache.mark(&(), 2);
        // Two readers wait; with the next one it is crowded.
        assert!(cache.try_get(&()).is_none());
        let (mut first, mut second) = (pin!(cache.get(&())), pin!(cache.get(&())));
        assert!(poll_immediate(&mut first).await.is_none());
        assert!(cache.try_get(&()).is_none());
        assert!(poll_immediate(&mut second).await.is_none());
        assert_eq!(slow_readers(&cache), 0);
        ends.add_permits(1);
        assert_eq!((first.await.unwrap().0, second.await.unwrap().0), (2, 2));

        // It is still crowded after the pause: one reader starts the next refresh, and does not wait for it.
        newest.store(3, Ordering::Relaxed);
        cache.mark(&(), 3);
        while cache.try_get(&()).is_some() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(poll_immediate(pin!(cache.get(&()))).await.unwrap().unwrap().0, 2);
        assert_eq!(slow_readers(&cache), 0);
        ends.add_permits(1);
        while cache.try_get(&()).unwrap().0 < 3 {
            tokio::task::yield_now().await;
        }
    }
}
