//! Group commit: many requests, one transaction.
//!
//! A request submits its job and waits. Jobs are queued in lanes: those that may share a transaction are in one lane (a
//! world's, say). While a lane's transaction runs, its next batch gathers, so there is no timer, and a single request
//! does not wait. Lanes run concurrently, up to a limit. Each request is answered only after its batch was committed:
//! acknowledged means durable.
//!
//! The queue is bounded in jobs and in bytes; what does not fit is refused at once. A tenant may hold three times what it leaves
//! free, so that one tenant's load never shuts the writes of another.

mod metrics;

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::Instant,
};

pub use self::metrics::WriterMetrics;
use super::tasks::Tasks;

/// The limits of a [`Writer`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Jobs that may be queued.
    pub queue_jobs: usize,
    /// Bytes that queued and running jobs may hold.
    pub queue_bytes: usize,
    /// Jobs in one transaction at most.
    pub batch_jobs: usize,
    /// Concurrent transactions at most.
    pub lanes: usize,
}

/// Why a job was not queued, or not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The queue is full.
    #[error("the write queue is full")]
    Full,
    /// The program is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// It was not committed in time. If its batch had not begun, it never will be.
    #[error("the write was not committed in time")]
    Late,
}

struct Entry<J, A> {
    job: J,
    /// When nobody waits for it any more.
    until: Instant,
    answer: oneshot::Sender<A>,
    /// Its place in the queue, released when its batch begins.
    slot: OwnedSemaphorePermit,
    /// Its memory, released when its batch has ended.
    memory: OwnedSemaphorePermit,
    /// What its tenant holds of both, until its batch has ended.
    held: Held,
}

/// The unit of the byte limit: a semaphore hands out at most 2^32 permits at a time.
const MEMORY_UNIT_BYTES: usize = 1024;

/// How many times what it leaves free a tenant may hold.
const PARTS_HELD: usize = 3;

/// The jobs and the units of memory that tenants hold; only tenants that hold something.
type Shares = Arc<Mutex<HashMap<i32, [usize; 2]>>>;

/// A part of what a tenant holds, until it is dropped.
struct Held {
    shares: Shares,
    tenant: i32,
    amounts: [usize; 2],
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = shares.get_mut(&self.tenant) else { return };
        for (held, amount) in held.iter_mut().zip(self.amounts) {
            *held = held.saturating_sub(amount);
        }
        if *held == [0; 2] {
            shares.remove(&self.tenant);
        }
    }
}

/// A bounded queue with one loop that commits what it holds. Cheap to clone.
pub struct Writer<J, A> {
    queue: mpsc::UnboundedSender<Entry<J, A>>,
    slots: Arc<Semaphore>,
    capacity: usize,
    memory: Arc<Semaphore>,
    shares: Shares,
    tenant: fn(&J) -> i32,
}

impl<J, A> fmt::Debug for Writer<J, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl<J, A> Clone for Writer<J, A> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
            slots: Arc::clone(&self.slots),
            capacity: self.capacity,
            memory: Arc::clone(&self.memory),
            shares: Arc::clone(&self.shares),
            tenant: self.tenant,
        }
    }
}

/// The queued jobs, by lane.
struct Lanes<L, J, A> {
    /// Each lane has jobs, or a batch that runs.
    queued: HashMap<L, VecDeque<Entry<J, A>>>,
    /// The lanes that have jobs and no running batch, in the order of their first job.
    ready: VecDeque<L>,
}

impl<L: Copy + Eq + Hash, J, A> Lanes<L, J, A> {
    fn push(&mut self, lane: L, entry: Entry<J, A>) {
        let entries = self.queued.entry(lane).or_insert_with(|| {
            self.ready.push_back(lane);
            VecDeque::new()
        });
        entries.push_back(entry);
    }

    /// The next batch; its lane is busy until [`Lanes::release`].
    fn take(&mut self, max_jobs: usize) -> Option<(L, Vec<Entry<J, A>>)> {
        let lane = self.ready.pop_front()?;
        let entries = self.queued.get_mut(&lane)?;
        Some((lane, entries.drain(..max_jobs.min(entries.len())).collect()))
    }

    fn release(&mut self, lane: L) {
        if self.queued.get(&lane).is_some_and(VecDeque::is_empty) {
            self.queued.remove(&lane);
        } else {
            self.ready.push_back(lane);
        }
    }
}

impl<J: Send + 'static, A: Send + 'static> Writer<J, A> {
    /// Starts the loop. `lane` says which lane a job goes into, and `tenant` by a number whose it is; `commit` takes a batch of one
    /// lane and returns one answer for each job, in order. When the program stops, the queue closes and what is in it is committed
    /// first.
    pub fn start<L, F, Fut>(
        tasks: &Tasks,
        limits: Limits,
        lane: impl Fn(&J) -> L + Send + Sync + 'static,
        tenant: fn(&J) -> i32,
        commit: F,
    ) -> Self
    where
        L: Copy + Eq + Hash + Send + Sync + 'static,
        F: Fn(Vec<J>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Vec<A>> + Send,
    {
        let (queue, mut entries) = mpsc::unbounded_channel::<Entry<J, A>>();
        let stop = tasks.clone();
        tasks.spawn("writer", async move {
            let mut lanes = Lanes { queued: HashMap::new(), ready: VecDeque::new() };
            let mut running = FuturesUnordered::new();
            let mut received = Vec::with_capacity(limits.batch_jobs);
            let (mut open, mut more) = (true, true);
            while more || !running.is_empty() {
                tokio::select! {
                    biased;
                    taken = entries.recv_many(&mut received, limits.batch_jobs), if more => more = taken > 0,
                    Some(free) = running.next(), if !running.is_empty() => lanes.release(free),
                    () = stop.stopping(), if open => {
                        open = false;
                        entries.close();
                    }
                }
                for entry in received.drain(..) {
                    lanes.push(lane(&entry.job), entry);
                }
                while running.len() < limits.lanes
                    && let Some((lane, batch)) = lanes.take(limits.batch_jobs)
                {
                    running.push(run(lane, batch, &commit));
                }
            }
        });
        let (slots, memory) =
            (Semaphore::new(limits.queue_jobs), Semaphore::new(limits.queue_bytes / MEMORY_UNIT_BYTES));
        let (slots, memory) = (Arc::new(slots), Arc::new(memory));
        Self { queue, slots, capacity: limits.queue_jobs, memory, shares: Shares::default(), tenant }
    }

    /// Queues a job that holds about `size_bytes`, and waits until its batch was committed, but not longer than `until`.
    ///
    /// # Errors
    /// [`Refused`], and then nothing was stored; except that after [`Refused::Late`] it is unknown.
    pub async fn submit(&self, job: J, size_bytes: usize, until: Instant) -> Result<A, Refused> {
        let units = u32::try_from(size_bytes.div_ceil(MEMORY_UNIT_BYTES).max(1)).map_err(|_| Refused::Full)?;
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| Refused::Full)?;
        let memory = Arc::clone(&self.memory).try_acquire_many_owned(units).map_err(|_| Refused::Full)?;
        let held = self.hold((self.tenant)(&job), usize::try_from(units).unwrap_or(usize::MAX))?;
        let (answer, outcome) = oneshot::channel();
        self.queue.send(Entry { job, until, answer, slot, memory, held }).map_err(|_| Refused::Stopping)?;
        match tokio::time::timeout_at(until, outcome).await {
            // Its batch may have left it out before its own clock was looked at.
            Ok(outcome) => outcome.map_err(|_| if until <= Instant::now() { Refused::Late } else { Refused::Stopping }),
            Err(_) => Err(Refused::Late),
        }
    }

    /// Counts a job, whose place and memory were taken, among what its tenant holds.
    fn hold(&self, tenant: i32, units: usize) -> Result<Held, Refused> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let before = shares.get(&tenant).copied().unwrap_or_default();
        let amounts = [1, units];
        let free = [&self.slots, &self.memory].map(|semaphore| semaphore.available_permits());
        for ((before, amount), free) in before.into_iter().zip(amounts).zip(free) {
            // What was free before this job.
            if before + amount > PARTS_HELD * (free + amount) {
                return Err(Refused::Full);
            }
        }
        let [jobs, memory] = before;
        shares.insert(tenant, [jobs + 1, memory + units]);
        drop(shares);
        Ok(Held { shares: Arc::clone(&self.shares), tenant, amounts })
    }

    /// The number of queued jobs.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.capacity - self.slots.available_permits()
    }
}

/// Commits those of a batch that are still waited for, answers their requests, and returns its lane, which is free again.
async fn run<L, J, A, F, Fut>(lane: L, batch: Vec<Entry<J, A>>, commit: &F) -> L
where
    F: Fn(Vec<J>) -> Fut,
    Fut: Future<Output = Vec<A>>,
{
    let mut jobs = Vec::with_capacity(batch.len());
    let mut waiting = Vec::with_capacity(batch.len());
    let now = Instant::now();
    for Entry { job, until, answer, slot, memory, held } in batch {
        drop(slot);
        if until <= now {
            continue;
        }
        jobs.push(job);
        waiting.push((answer, memory, held));
    }
    if jobs.is_empty() {
        return lane;
    }
    for ((answer, memory, held), outcome) in waiting.into_iter().zip(commit(jobs).await) {
        drop((memory, held));
        // Fails where the client has disconnected.
        let _gone = answer.send(outcome);
    }
    lane
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, time::Duration};

    use futures_util::poll;
    use tokio::sync::Notify;

    use super::*;

    const LIMITS: Limits = Limits { queue_jobs: 8, queue_bytes: 1024 * 1024, batch_jobs: 4, lanes: 2 };

    fn later() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    /// A writer whose lane 1 is blocked until it is notified; each job is answered with the size of its batch.
    fn writer(tasks: &Tasks) -> (Writer<u32, usize>, Arc<Notify>) {
        let go = Arc::new(Notify::new());
        let halted = Arc::clone(&go);
        let writer = Writer::start(
            tasks,
            LIMITS,
            |lane| *lane,
            |lane| i32::try_from(*lane / 100).unwrap(),
            move |batch: Vec<u32>| {
                let halted = Arc::clone(&halted);
                async move {
                    if batch.contains(&1) {
                        halted.notified().await;
                    }
                    batch.iter().map(|_| batch.len()).collect()
                }
            },
        );
        (writer, go)
    }

    #[tokio::test]
    async fn a_job_that_its_batch_leaves_out_is_late() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let mut first = pin!(writer.submit(1, 1, later()));
        assert!(poll!(&mut first).is_pending());
        let until = Instant::now() + Duration::from_millis(50);
        let mut second = pin!(writer.submit(1, 1, until));
        while writer.queued() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(poll!(&mut second).is_pending());
        tokio::time::sleep_until(until + Duration::from_millis(1)).await;
        go.notify_one();
        assert_eq!(first.await, Ok(1));
        while writer.queued() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(second.await, Err(Refused::Late));
    }

    #[tokio::test]
    async fn a_lane_that_is_held_up_does_not_hold_up_another() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let slow = tokio::spawn({
            let writer = writer.clone();
            async move { writer.submit(1, 1, later()).await }
        });
        while writer.queued() > 0 || writer.memory.available_permits() == 1024 {
            tokio::task::yield_now().await;
        }
        assert_eq!(writer.submit(2, 1, later()).await, Ok(1));
        go.notify_one();
        assert_eq!(slow.await.unwrap(), Ok(1));
    }

    #[tokio::test]
    async fn what_comes_meanwhile_is_one_batch_and_what_is_queued_is_committed_at_the_end() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let submit = |lane| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.submit(lane, 1, later()).await })
        };
        let first = submit(1);
        while writer.memory.available_permits() == 1024 || writer.queued() > 0 {
            tokio::task::yield_now().await;
        }
        let rest = [(); 3].map(|()| submit(1));
        while writer.queued() < 3 {
            tokio::task::yield_now().await;
        }
        let stopping = tokio::spawn(async move { tasks.stop().await });
        go.notify_one();
        assert_eq!(first.await.unwrap(), Ok(1));
        go.notify_one();
        for one in rest {
            assert_eq!(one.await.unwrap(), Ok(3));
        }
        stopping.await.unwrap();
        assert_eq!(writer.submit(1, 1, later()).await, Err(Refused::Stopping));
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_they_said_and_what_came_too_late_is_not_run() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let soon = Instant::now() + Duration::from_millis(100);
        let submit = |until| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.submit(1, 1, until).await })
        };
        let running = submit(soon);
        while writer.memory.available_permits() == 1024 || writer.queued() > 0 {
            tokio::task::yield_now().await;
        }
        let (queued, patient) = (submit(soon), submit(later()));
        assert_eq!((running.await.unwrap(), queued.await.unwrap()), (Err(Refused::Late), Err(Refused::Late)));
        go.notify_one();
        go.notify_one();
        assert_eq!(patient.await.unwrap(), Ok(1), "alone in its batch");
    }

    #[tokio::test]
    async fn a_tenant_that_fills_the_queue_leaves_room_for_another() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        // Lane 1 is held up, so none of these is answered but those that are refused.
        let flood: Vec<_> = (0..20)
            .map(|_| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.submit(1, 1, later()).await })
            })
            .collect();
        while flood.iter().filter(|one| one.is_finished()).count() < 10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(writer.submit(100, 1, later()).await, Ok(1), "of another tenant");
        drop(go);
    }
}
