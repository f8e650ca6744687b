//! The hot snapshots of this instance, bounded in bytes.
//!
//! A snapshot is marked when something newer exists; the next reader sets off its refresh, and one refresh at a time
//! runs for each. Who waits for it depends on the crowd: the first two readers do, and so see what was written before
//! they asked. Where more come, nobody waits: all get the snapshot at hand, and the next is made a short while after the
//! last, until one is made that hardly anyone asked for (docs/adr/0003-who-waits-for-a-refresh.md).
//! When a refresh fails, the snapshot at hand is served, and the next try comes a while later.

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

/// Readers that may wait for one refresh; where more come it is crowded.
const WAITING: u32 = 2;

/// Between two refreshes of a crowded snapshot, at least,
const CROWDED_PAUSE: Duration = Duration::from_millis(20);

/// and so many times what the last one took: the busier the machine, the less of it goes into refreshes;
const CROWDED_PAUSES: u32 = 3;

/// but no longer than this.
const LONGEST_PAUSE: Duration = Duration::from_millis(60);

/// A crowd of which nothing was heard for so long has gone.
const CROWD_LASTS: Duration = Duration::from_secs(1);

/// After a refresh that failed.
const FAILED_PAUSE: Duration = Duration::from_secs(1);

/// What can stand on the cache.
pub trait Snapshot: Send + Sync + 'static {
    /// The revision up to which it is complete.
    fn revision(&self) -> i64;
    /// What it holds in memory.
    fn size_bytes(&self) -> usize;
}

type Refreshed<V, E> = Result<Arc<V>, Arc<E>>;
type PendingRefresh<V, E> = Shared<BoxFuture<'static, Refreshed<V, E>>>;
type Refresh<K, V, E> = dyn Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync;

/// A slot with its weight, which changes only when it is put anew.
type WeightedSlot<V, E> = (Arc<Slot<V, E>>, u64);

#[derive(Clone)]
struct Weight;

impl<K, V, E> Weighter<K, WeightedSlot<V, E>> for Weight {
    fn weight(&self, _: &K, weighted: &WeightedSlot<V, E>) -> u64 {
        weighted.1
    }
}

/// A slot in the table, with its key, when nothing is held.
const EMPTY_BYTES: u64 = 400;

/// The table is cut into parts with a lock each, in which some of the largest snapshots have room.
const PART_BYTES: u64 = 64 << 20;

/// A part with fewer slots than this is not made: so many parts, so many slots for each.
const PART_SLOTS: usize = 32;

struct Slot<V, E> {
    state: Mutex<State<V, E>>,
    /// Something as new as this exists.
    wanted: AtomicI64,
}

struct State<V, E> {
    held: Option<Arc<V>>,
    pending: Option<PendingRefresh<V, E>>,
    /// Readers that came for something newer than what is held, so far,
    readers: u32,
    /// or for the last that was made.
    readers_before: u32,
    refreshed_at: Instant,
    /// What it took.
    took: Duration,
    /// When something newer than what is held was first heard of.
    news_at: Option<Instant>,
    failed_at: Option<Instant>,
}

/// The hot snapshots. Cheap to clone.
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

/// Why there is nothing to serve.
#[derive(Debug)]
pub enum Unavailable<E> {
    /// Making it failed.
    Failed(Arc<E>),
    /// Making it takes too long.
    TimedOut,
}

impl<K, V, E> SnapshotCache<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Snapshot,
    E: Send + Sync + 'static,
{
    /// An empty cache for `bytes` of snapshots. `refresh` makes a snapshot anew, from the one at hand where there is one.
    /// A reader waits for it no longer than `max_wait`.
    pub fn new<F>(bytes: u64, max_wait: Duration, tasks: &Tasks, metrics: &Metrics, refresh: F) -> Self
    where
        F: Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync + 'static,
    {
        let parts = usize::try_from(bytes / PART_BYTES).unwrap_or(usize::MAX).clamp(1, 1024);
        Self {
            slots: Arc::new(Cache::with_weighter(parts * PART_SLOTS, bytes, Weight)),
            refresh: Arc::new(refresh),
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            max_wait,
        }
    }

    /// Says that something as new as `revision` exists for `key`. What is not on the cache needs no mark.
    pub fn mark(&self, key: &K, revision: i64) {
        if let Some((slot, _)) = self.slots.peek(key) {
            slot.mark(revision);
        }
    }

    /// Says that something as new as `revision` may exist for any key that `concerns` names.
    pub fn mark_all(&self, revision: i64, concerns: impl Fn(&K) -> bool) {
        for (key, (slot, _)) in self.slots.iter() {
            if concerns(&key) {
                slot.mark(revision);
            }
        }
    }

    /// Takes the snapshot for `key` off the cache.
    pub fn remove(&self, key: &K) {
        self.slots.remove(key);
    }

    /// What is held for `key`, however old.
    #[must_use]
    pub fn held(&self, key: &K) -> Option<Arc<V>> {
        self.slots.peek(key)?.0.lock().held.clone()
    }

    /// What is on the cache.
    #[must_use]
    pub fn keys(&self) -> Vec<K> {
        self.slots.iter().map(|(key, _)| key).collect()
    }

    /// The snapshot to serve for `key`, if nobody has to wait for it.
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

    /// The snapshot to serve for `key`.
    ///
    /// # Errors
    /// There is none at hand, and none could be made.
    pub async fn get(&self, key: &K) -> Result<Arc<V>, Unavailable<E>> {
        let new = || Ok::<_, Infallible>((Arc::new(Slot::new()), EMPTY_BYTES));
        let Ok((slot, _)) = self.slots.get_or_insert_with(key, new);
        // A mark that is set while a refresh runs may be newer than what it reads, so a second round can be needed. A
        // third can't: it would be for what was written after this reader came.
        let wanted = slot.wanted.load(Ordering::Acquire);
        let mut failed = None;
        let late = tokio::time::Instant::now() + self.max_wait;
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
            match tokio::time::timeout_at(late, pending).await {
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
        // The making fails or is slow: what is at hand.
        let held = slot.lock().held.clone();
        self.metrics.viewed(if held.is_some() { Viewed::Stale } else { Viewed::Missing });
        held.ok_or_else(|| failed.map_or(Unavailable::TimedOut, Unavailable::Failed))
    }

    /// The refresh that runs, or a new one.
    fn join(&self, key: &K, slot: &Arc<Slot<V, E>>, state: &mut State<V, E>) -> PendingRefresh<V, E> {
        if let Some(pending) = &state.pending {
            return pending.clone();
        }
        let made = (self.refresh)(key.clone(), state.held.clone());
        let (all, key, of) = (self.clone(), key.clone(), Arc::clone(slot));
        let pending = async move {
            let began = Instant::now();
            let outcome = made.await.map(Arc::new).map_err(Arc::new);
            let took = began.elapsed();
            let lag = of.finish_refresh(&outcome, took);
            if outcome.is_ok() {
                all.metrics.refreshed(took, lag);
            }
            if let Ok(held) = &outcome {
                let bytes = u64::try_from(held.size_bytes()).unwrap_or(u64::MAX).saturating_add(EMPTY_BYTES);
                // Unless another has taken its place.
                all.slots.entry(&key, Some(Duration::ZERO), |_, (slot, weight)| {
                    if Arc::ptr_eq(slot, &of) {
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
        // In a task of its own: a reader that goes away does not take the refresh with it.
        let driven = pending.clone();
        self.tasks.spawn("snapshot refresh", async move {
            let _for_those_who_wait = driven.await;
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
            news_at: None,
            failed_at: None,
        };
        Self { state: Mutex::new(state), wanted: AtomicI64::new(0) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<V, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, revision: i64) {
        if self.wanted.fetch_max(revision, Ordering::AcqRel) < revision {
            self.lock().news_at.get_or_insert_with(Instant::now);
        }
    }

    /// Takes in what a refresh made; returns for how long something newer had been known.
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
        state.news_at.take().map(|at| at.elapsed())
    }
}

impl<V: Snapshot, E> State<V, E> {
    /// What may be served without waiting, whoever asks.
    fn without_waiting(&mut self, wanted: i64) -> Option<Arc<V>> {
        let held = self.held.as_ref()?;
        let fresh = held.revision() >= wanted;
        let failing = || self.failed_at.is_some_and(|at| at.elapsed() < FAILED_PAUSE);
        if fresh || failing() {
            return Some(Arc::clone(held));
        }
        let pause = (self.took * CROWDED_PAUSES).clamp(CROWDED_PAUSE, LONGEST_PAUSE);
        let pausing = self.readers_before > WAITING && self.refreshed_at.elapsed() < pause;
        let made_for_others = self.pending.is_some() && self.is_crowded_by(self.readers + 1);
        let at_once = pausing || made_for_others;
        self.readers += u32::from(at_once);
        at_once.then(|| Arc::clone(held))
    }

    /// What is served to a reader in a crowd, while the next is made; nothing for one that is to wait.
    fn held_while_crowded(&mut self) -> Option<Arc<V>> {
        let held = self.held.clone()?;
        self.readers += 1;
        self.is_crowded_by(self.readers).then_some(held)
    }

    fn is_crowded_by(&self, readers: u32) -> bool {
        readers > WAITING || (self.readers_before > WAITING && self.refreshed_at.elapsed() < CROWD_LASTS)
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

    /// A cache, the newest that there is, and as many refreshes as may end.
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

    /// Of a hundred readers, those who are not served at once.
    fn long_ways(cache: &SnapshotCache<(), Made, ()>) -> usize {
        (0..100).filter(|_| cache.try_get(&()).is_none()).count()
    }

    #[tokio::test]
    async fn in_a_crowd_nobody_takes_the_long_way_while_the_next_is_made() {
        let (cache, newest, ends) = cache();
        assert_eq!(cache.get(&()).await.unwrap().0, 1);
        assert_eq!(long_ways(&cache), 0);

        newest.store(2, Ordering::Relaxed);
        cache.mark(&(), 2);
        // Two wait; who comes then makes a crowd.
        assert!(cache.try_get(&()).is_none());
        let (mut first, mut second) = (pin!(cache.get(&())), pin!(cache.get(&())));
        assert!(poll_immediate(&mut first).await.is_none());
        assert!(cache.try_get(&()).is_none());
        assert!(poll_immediate(&mut second).await.is_none());
        assert_eq!(long_ways(&cache), 0);
        ends.add_permits(1);
        assert_eq!((first.await.unwrap().0, second.await.unwrap().0), (2, 2));

        // The crowd is still there when the pause is over: one takes the long way, so that the next is made, and does not
        // wait for it.
        newest.store(3, Ordering::Relaxed);
        cache.mark(&(), 3);
        while cache.try_get(&()).is_some() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(poll_immediate(pin!(cache.get(&()))).await.unwrap().unwrap().0, 2);
        assert_eq!(long_ways(&cache), 0);
        ends.add_permits(1);
        while cache.try_get(&()).unwrap().0 < 3 {
            tokio::task::yield_now().await;
        }
    }
}
