//! Group commit: many requests, one transaction.
//!
//! A request hands its job in and waits. Jobs wait in lanes: those that go into one transaction share one (a world's, say). While a lane's transaction runs its next batch gathers, so there is no timer, and a lone request waits for
//! nobody; lanes do not wait for each other, as long as there are not too many of them at once. Each request is answered
//! only after its batch was committed: acknowledged means durable.
//!
//! The queue is bounded in jobs and in bytes; what does not fit is refused at once.

mod metrics;

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::Arc,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

pub use self::metrics::WriterMetrics;
use super::tasks::Tasks;

/// The bounds of a [`Writer`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Jobs that may wait.
    pub queue_jobs: usize,
    /// Bytes that waiting and running jobs may hold.
    pub queue_bytes: usize,
    /// Jobs that one transaction takes.
    pub batch_jobs: usize,
    /// Transactions that run at once.
    pub lanes: usize,
}

/// Why a job was not taken in, or not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The queue is full.
    #[error("the write queue is full")]
    Full,
    /// The program is stopping.
    #[error("the server is stopping")]
    Stopping,
}

struct Entry<J, A> {
    job: J,
    answer: oneshot::Sender<A>,
    /// Given back when its batch begins,
    place: OwnedSemaphorePermit,
    /// and when it has ended.
    room: OwnedSemaphorePermit,
}

/// The unit of the byte bound: a semaphore counts to 2^32 at most.
const ROOM_UNIT_BYTES: usize = 1024;

/// A bounded queue with one loop that commits what it holds. Cheap to clone.
#[derive(Debug)]
pub struct Writer<J, A> {
    queue: mpsc::UnboundedSender<Entry<J, A>>,
    places: Arc<Semaphore>,
    most: usize,
    room: Arc<Semaphore>,
}

impl<J, A> Clone for Writer<J, A> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
            places: Arc::clone(&self.places),
            most: self.most,
            room: Arc::clone(&self.room),
        }
    }
}

/// The jobs that wait, by lane.
struct Lanes<L, J, A> {
    /// Each has jobs, or a batch under way.
    waiting: HashMap<L, VecDeque<Entry<J, A>>>,
    /// Those that have jobs and no batch under way, in the order in which they came.
    ready: VecDeque<L>,
}

impl<L: Copy + Eq + Hash, J, A> Lanes<L, J, A> {
    fn put(&mut self, lane: L, entry: Entry<J, A>) {
        let entries = self.waiting.entry(lane).or_insert_with(|| {
            self.ready.push_back(lane);
            VecDeque::new()
        });
        entries.push_back(entry);
    }

    /// The next batch, whose lane is busy until [`Lanes::done`].
    fn take(&mut self, most: usize) -> Option<(L, Vec<Entry<J, A>>)> {
        let lane = self.ready.pop_front()?;
        let entries = self.waiting.get_mut(&lane)?;
        Some((lane, entries.drain(..most.min(entries.len())).collect()))
    }

    fn done(&mut self, lane: L) {
        if self.waiting.get(&lane).is_some_and(VecDeque::is_empty) {
            self.waiting.remove(&lane);
        } else {
            self.ready.push_back(lane);
        }
    }
}

impl<J: Send + 'static, A: Send + 'static> Writer<J, A> {
    /// Starts the loop. `lane` says in which lane a job waits; `commit` is given a batch of one lane and returns one answer
    /// for each job, in order. When the program stops the queue closes, and what is in it is committed first.
    pub fn start<L, F, Fut>(
        tasks: &Tasks,
        limits: Limits,
        lane: impl Fn(&J) -> L + Send + Sync + 'static,
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
            let mut lanes = Lanes { waiting: HashMap::new(), ready: VecDeque::new() };
            let mut running = FuturesUnordered::new();
            let mut came = Vec::with_capacity(limits.batch_jobs);
            let (mut open, mut more) = (true, true);
            while more || !running.is_empty() {
                tokio::select! {
                    biased;
                    taken = entries.recv_many(&mut came, limits.batch_jobs), if more => more = taken > 0,
                    Some(free) = running.next(), if !running.is_empty() => lanes.done(free),
                    () = stop.stopping(), if open => {
                        open = false;
                        entries.close();
                    }
                }
                for entry in came.drain(..) {
                    lanes.put(lane(&entry.job), entry);
                }
                while running.len() < limits.lanes
                    && let Some((lane, batch)) = lanes.take(limits.batch_jobs)
                {
                    running.push(run(lane, batch, &commit));
                }
            }
        });
        let (places, room) = (Semaphore::new(limits.queue_jobs), Semaphore::new(limits.queue_bytes / ROOM_UNIT_BYTES));
        Self { queue, places: Arc::new(places), most: limits.queue_jobs, room: Arc::new(room) }
    }

    /// Queues a job that holds about `size_bytes` and waits until its batch was committed, or refused.
    ///
    /// # Errors
    /// [`Refused`], and then nothing was stored.
    pub async fn submit(&self, job: J, size_bytes: usize) -> Result<A, Refused> {
        let units = u32::try_from(size_bytes.div_ceil(ROOM_UNIT_BYTES).max(1)).map_err(|_| Refused::Full)?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Refused::Full)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(units).map_err(|_| Refused::Full)?;
        let (answer, outcome) = oneshot::channel();
        self.queue.send(Entry { job, answer, place, room }).map_err(|_| Refused::Stopping)?;
        outcome.await.map_err(|_| Refused::Stopping)
    }

    /// Jobs that wait now.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.most - self.places.available_permits()
    }
}

/// Commits a batch, answers its requests, and says which lane is free.
async fn run<L, J, A, F, Fut>(lane: L, batch: Vec<Entry<J, A>>, commit: &F) -> L
where
    F: Fn(Vec<J>) -> Fut,
    Fut: Future<Output = Vec<A>>,
{
    let mut jobs = Vec::with_capacity(batch.len());
    let mut waiting = Vec::with_capacity(batch.len());
    for Entry { job, answer, place, room } in batch {
        drop(place);
        jobs.push(job);
        waiting.push((answer, room));
    }
    for ((answer, room), outcome) in waiting.into_iter().zip(commit(jobs).await) {
        drop(room);
        // A client that has gone away no longer wants its answer.
        let _gone = answer.send(outcome);
    }
    lane
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    const LIMITS: Limits = Limits { queue_jobs: 8, queue_bytes: 1024 * 1024, batch_jobs: 4, lanes: 2 };

    /// A writer whose lane 1 is halted until it is told to go on; each job is answered with the size of its batch.
    fn writer(tasks: &Tasks) -> (Writer<u32, usize>, Arc<Notify>) {
        let go = Arc::new(Notify::new());
        let halted = Arc::clone(&go);
        let writer = Writer::start(
            tasks,
            LIMITS,
            |lane| *lane,
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
    async fn a_lane_that_is_held_up_does_not_hold_up_another() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let slow = tokio::spawn({
            let writer = writer.clone();
            async move { writer.submit(1, 1).await }
        });
        while writer.queued() > 0 || writer.room.available_permits() == 1024 {
            tokio::task::yield_now().await;
        }
        assert_eq!(writer.submit(2, 1).await, Ok(1));
        go.notify_one();
        assert_eq!(slow.await.unwrap(), Ok(1));
    }

    #[tokio::test]
    async fn what_comes_meanwhile_is_one_batch_and_what_is_queued_is_committed_at_the_end() {
        let tasks = Tasks::default();
        let (writer, go) = writer(&tasks);
        let submit = |lane| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.submit(lane, 1).await })
        };
        let first = submit(1);
        while writer.room.available_permits() == 1024 || writer.queued() > 0 {
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
        assert_eq!(writer.submit(1, 1).await, Err(Refused::Stopping));
    }
}
