//! The hot snapshots of this instance, bounded in bytes.
//!
//! A snapshot is marked when something newer exists; the next reader sets off its refresh, and one refresh at a time
//! runs for each. Who waits for it depends on the crowd: the first two readers do, and so see what was written before
//! they asked; the others get the snapshot at hand while the next is made, and then no new one is made for a short while.
//! When a refresh fails, the snapshot at hand is served, and the next try comes a while later.

use std::{
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
use moka::{ops::compute::Op, sync::Cache};
use tokio::time::Instant;

use crate::platform::{
    metrics::{Metrics, Viewed},
    tasks::Tasks,
};

/// Readers that wait for one refresh; where more come it is crowded.
const WAITING: u32 = 2;

/// Between two refreshes of a crowded snapshot.
const CROWDED_PAUSE: Duration = Duration::from_millis(20);

/// After a refresh that failed.
const FAILED_PAUSE: Duration = Duration::from_secs(1);

/// What can stand on the shelf.
pub trait Shelved: Send + Sync + 'static {
    /// The revision up to which it is complete.
    fn revision(&self) -> i64;
    /// What it holds in memory.
    fn size_bytes(&self) -> usize;
}

type Refreshed<V, E> = Result<Arc<V>, Arc<E>>;
type Flight<V, E> = Shared<BoxFuture<'static, Refreshed<V, E>>>;
type Refresh<K, V, E> = dyn Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync;

struct Slot<V, E> {
    state: Mutex<State<V, E>>,
    /// Something as new as this exists.
    wanted: AtomicI64,
}

struct State<V, E> {
    held: Option<Arc<V>>,
    flight: Option<Flight<V, E>>,
    /// Readers that wait for the flight.
    waiting: u32,
    /// More wanted to wait for this flight,
    crowd: bool,
    /// or for the last one.
    crowded: bool,
    refreshed_at: Instant,
    /// When something newer than what is held was first heard of.
    news_at: Option<Instant>,
    failed_at: Option<Instant>,
}

/// The hot snapshots. Cheap to clone.
pub struct Shelf<K, V, E> {
    slots: Cache<K, Arc<Slot<V, E>>>,
    refresh: Arc<Refresh<K, V, E>>,
    tasks: Tasks,
    metrics: Metrics,
    patience: Duration,
}

impl<K, V, E> Clone for Shelf<K, V, E> {
    fn clone(&self) -> Self {
        Self {
            slots: self.slots.clone(),
            refresh: Arc::clone(&self.refresh),
            tasks: self.tasks.clone(),
            metrics: self.metrics.clone(),
            patience: self.patience,
        }
    }
}

impl<K, V, E> std::fmt::Debug for Shelf<K, V, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// Why there is nothing to serve.
#[derive(Debug)]
pub enum Missing<E> {
    /// Making it failed.
    Failed(Arc<E>),
    /// Making it takes too long.
    Late,
}

impl<K, V, E> Shelf<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Shelved,
    E: Send + Sync + 'static,
{
    /// An empty shelf for `bytes` of snapshots. `refresh` makes a snapshot anew, from the one at hand where there is one.
    /// A reader waits for it no longer than `patience`.
    pub fn new<F>(bytes: u64, patience: Duration, tasks: &Tasks, metrics: &Metrics, refresh: F) -> Self
    where
        F: Fn(K, Option<Arc<V>>) -> BoxFuture<'static, Result<V, E>> + Send + Sync + 'static,
    {
        let weigh = |_: &K, slot: &Arc<Slot<V, E>>| {
            let held = slot.lock().held.as_ref().map_or(0, |held| held.size_bytes());
            u32::try_from(held + std::mem::size_of::<Slot<V, E>>() + 200).unwrap_or(u32::MAX)
        };
        let slots = Cache::builder().max_capacity(bytes).weigher(weigh).build();
        Self { slots, refresh: Arc::new(refresh), tasks: tasks.clone(), metrics: metrics.clone(), patience }
    }

    /// Says that something as new as `revision` exists for `key`. What is not on the shelf needs no mark.
    pub fn mark(&self, key: &K, revision: i64) {
        if let Some(slot) = self.slots.get(key) {
            slot.mark(revision);
        }
    }

    /// Says that something as new as `revision` may exist for any key that `concerns` names.
    pub fn mark_all(&self, revision: i64, concerns: impl Fn(&K) -> bool) {
        for (key, slot) in &self.slots {
            if concerns(&key) {
                slot.mark(revision);
            }
        }
    }

    /// The snapshot to serve for `key`, if nobody has to wait for it.
    #[must_use]
    pub fn at_hand(&self, key: &K) -> Option<Arc<V>> {
        let slot = self.slots.get(key)?;
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
    pub async fn get(&self, key: &K) -> Result<Arc<V>, Missing<E>> {
        let slot = self.slots.get_with_by_ref(key, || Arc::new(Slot::new()));
        // A mark that is set while a refresh runs may be newer than what it reads, so a second round can be needed. A
        // third can't: it would be for what was written after this reader came.
        let wanted = slot.wanted.load(Ordering::Acquire);
        let mut failed = None;
        let late = tokio::time::Instant::now() + self.patience;
        for _ in 0..2 {
            let flight = {
                let mut state = slot.lock();
                if let Some(held) = state.at_hand(wanted) {
                    self.count(&held, wanted);
                    return Ok(held);
                }
                self.join(key, &slot, &mut state)
            };
            match tokio::time::timeout_at(late, flight).await {
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
        held.ok_or_else(|| failed.map_or(Missing::Late, Missing::Failed))
    }

    /// The refresh that runs, or a new one.
    fn join(&self, key: &K, slot: &Arc<Slot<V, E>>, state: &mut State<V, E>) -> Flight<V, E> {
        if let Some(flight) = &state.flight {
            return flight.clone();
        }
        let made = (self.refresh)(key.clone(), state.held.clone());
        let (all, key, of) = (self.clone(), key.clone(), Arc::clone(slot));
        let flight = async move {
            let began = Instant::now();
            let outcome = made.await.map(Arc::new).map_err(Arc::new);
            let lag = of.land(&outcome);
            if outcome.is_ok() {
                all.metrics.refreshed(began.elapsed(), lag);
            }
            // Put again, so that it is weighed again; unless another has taken its place.
            all.slots.entry(key).and_compute_with(|entry| match entry {
                Some(entry) if Arc::ptr_eq(entry.value(), &of) => Op::Put(of),
                _ => Op::Nop,
            });
            outcome
        }
        .boxed()
        .shared();
        state.flight = Some(flight.clone());
        // In a task of its own: a reader that goes away does not take the refresh with it.
        let driven = flight.clone();
        self.tasks.spawn("snapshot refresh", async move {
            let _for_those_who_wait = driven.await;
        });
        flight
    }
}

impl<V: Shelved, E> Slot<V, E> {
    fn new() -> Self {
        let state = State {
            held: None,
            flight: None,
            waiting: 0,
            crowd: false,
            crowded: false,
            refreshed_at: Instant::now(),
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
    fn land(&self, outcome: &Refreshed<V, E>) -> Option<Duration> {
        let mut state = self.lock();
        state.flight = None;
        state.waiting = 0;
        state.crowded = std::mem::take(&mut state.crowd);
        let Ok(fresh) = outcome else {
            state.failed_at = Some(Instant::now());
            return None;
        };
        state.held = Some(Arc::clone(fresh));
        state.failed_at = None;
        state.refreshed_at = Instant::now();
        state.news_at.take().map(|at| at.elapsed())
    }
}

impl<V: Shelved, E> State<V, E> {
    /// What may be served without waiting, whoever asks.
    fn without_waiting(&self, wanted: i64) -> Option<Arc<V>> {
        let held = self.held.as_ref()?;
        let fresh = held.revision() >= wanted;
        let failing = || self.failed_at.is_some_and(|at| at.elapsed() < FAILED_PAUSE);
        let pausing = || self.crowded && self.refreshed_at.elapsed() < CROWDED_PAUSE;
        (fresh || failing() || pausing()).then(|| Arc::clone(held))
    }

    /// What may be served without waiting; nothing for a reader that is to wait.
    fn at_hand(&mut self, wanted: i64) -> Option<Arc<V>> {
        if let Some(held) = self.without_waiting(wanted) {
            return Some(held);
        }
        let held = self.held.clone()?;
        if self.waiting == WAITING {
            self.crowd = true;
            return Some(held);
        }
        self.waiting += 1;
        None
    }
}
