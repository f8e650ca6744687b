//! Group commit: many requests, one transaction.
//!
//! A request hands its job in and waits. One loop takes all that is queued and commits it together; while that
//! transaction runs the next batch gathers, so there is no timer, and a lone request waits for nobody. Each request is
//! answered only after its batch was committed: acknowledged means durable.
//!
//! The queue is bounded in jobs and in bytes; what does not fit is refused at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

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
    room: OwnedSemaphorePermit,
}

/// The unit of the byte bound: a semaphore counts to 2^32 at most.
const ROOM_UNIT_BYTES: usize = 1024;

/// A bounded queue with one loop that commits what it holds. Cheap to clone.
#[derive(Debug)]
pub struct Writer<J, A> {
    queue: mpsc::Sender<Entry<J, A>>,
    room: Arc<Semaphore>,
}

impl<J, A> Clone for Writer<J, A> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), room: Arc::clone(&self.room) }
    }
}

impl<J: Send + 'static, A: Send + 'static> Writer<J, A> {
    /// Starts the loop. `commit` is given a batch and returns one answer for each job, in order. When the program stops
    /// the queue closes, and what is in it is committed first.
    pub fn start<F, Fut>(tasks: &Tasks, limits: Limits, commit: F) -> Self
    where
        F: Fn(Vec<J>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Vec<A>> + Send,
    {
        let (queue, mut entries) = mpsc::channel::<Entry<J, A>>(limits.queue_jobs);
        let stop = tasks.clone();
        tasks.spawn("writer", async move {
            let mut batch = Vec::with_capacity(limits.batch_jobs);
            let mut open = true;
            loop {
                let taken = tokio::select! {
                    biased;
                    taken = entries.recv_many(&mut batch, limits.batch_jobs) => taken,
                    () = stop.stopping(), if open => {
                        open = false;
                        entries.close();
                        continue;
                    }
                };
                if taken == 0 {
                    return;
                }
                let mut jobs = Vec::with_capacity(taken);
                let mut waiting = Vec::with_capacity(taken);
                for Entry { job, answer, room } in batch.drain(..) {
                    jobs.push(job);
                    waiting.push((answer, room));
                }
                for ((answer, room), outcome) in waiting.into_iter().zip(commit(jobs).await) {
                    drop(room);
                    // A client that has gone away no longer wants its answer.
                    let _gone = answer.send(outcome);
                }
            }
        });
        let room = Arc::new(Semaphore::new(limits.queue_bytes / ROOM_UNIT_BYTES));
        Self { queue, room }
    }

    /// Queues a job that holds about `size_bytes` and waits until its batch was committed, or refused.
    ///
    /// # Errors
    /// [`Refused`], and then nothing was stored.
    pub async fn submit(&self, job: J, size_bytes: usize) -> Result<A, Refused> {
        let units = u32::try_from(size_bytes.div_ceil(ROOM_UNIT_BYTES).max(1)).map_err(|_| Refused::Full)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(units).map_err(|_| Refused::Full)?;
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send(Entry { job, answer, room }).map_err(|refusal| match refusal {
            mpsc::error::TrySendError::Full(_) => Refused::Full,
            mpsc::error::TrySendError::Closed(_) => Refused::Stopping,
        })?;
        outcome.await.map_err(|_| Refused::Stopping)
    }

    /// Jobs that wait now.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}
