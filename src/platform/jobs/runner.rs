//! Finds jobs that are due, and starts attempts at them.
//!
//! When the first job of each kind is due is known from those who ask for jobs, from attempts that failed, and from one statement a
//! second, which finds what else there is: jobs of a process that was killed, or that another instance was told of in vain. Every
//! second time it asks for the jobs of studios, on PostgreSQL of fifty at once, on SQLite of one that is open anyway.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{Semaphore, mpsc},
    time::Instant,
};

use super::{
    Jobs, Queue,
    crossing::{self, CROSSING},
    execution, lease_times,
    model::{Handler, Job, JobKind, Work},
    store::{self, Filter},
};
use crate::platform::{
    clock,
    db::{StudioId, Tables},
    error::StoreError,
    token,
};

/// The pause between two statements that look for jobs of which nobody has told.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Studios in one such statement.
const STUDIOS_AT_ONCE: usize = 50;

/// Statements between two countings of jobs, which take the place of one.
const COUNT_EVERY: u64 = 60;

/// Statements between two removals of what is too old, and readings of the list of studios.
const CLEAN_EVERY: u64 = 3600;

/// The pause before a queue that could not be read is read again.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// What does the jobs of a kind, and how many more it may do now.
pub(super) struct Slots {
    kind: JobKind,
    handler: Handler,
    free: Arc<Semaphore>,
}

/// Kinds by their names.
type Kinds = HashMap<&'static str, Slots>;

struct Runner {
    jobs: Jobs,
    kinds: Kinds,
    /// The kinds of the control tables.
    names: Vec<&'static str>,
    studios: Vec<StudioId>,
    next_studio: usize,
    looks: u64,
}

/// Does jobs until the program stops.
pub(super) async fn run(jobs: Jobs, work: Vec<Work>, messages: mpsc::Receiver<Bytes>) {
    let names: Vec<&'static str> = work.iter().map(|work| work.kind.name).collect();
    let (crosser, known) = (jobs.clone(), names.clone());
    let crossing = Work::new(CROSSING, move |job: Job| {
        let (jobs, known) = (crosser.clone(), known.clone());
        async move { crossing::cross(&jobs, &known, &job).await }
    });
    let slots =
        |Work { kind, handler }| (kind.name, Slots { kind, handler, free: Arc::new(Semaphore::new(kind.at_once)) });
    let kinds: Kinds = work.into_iter().chain([crossing]).map(slots).collect();
    let runner = Runner { jobs: jobs.clone(), kinds, names, studios: Vec::new(), next_studio: 0, looks: 0 };
    let tasks = jobs.0.tasks.clone();
    tokio::select! {
        () = runner.work(messages) => {}
        () = tasks.stopping() => {}
    }
}

impl Runner {
    async fn work(mut self, mut messages: mpsc::Receiver<Bytes>) {
        self.begin().await;
        let mut next_look = Instant::now();
        loop {
            let now_ms = clock::now_ms();
            for (queue, kind) in self.ready(now_ms) {
                self.take(queue, kind).await;
            }
            if Instant::now() >= next_look {
                next_look = Instant::now() + LOOK_EVERY;
                self.look().await;
                continue;
            }
            tokio::select! {
                () = self.jobs.0.changed.notified() => {}
                Some(message) = messages.recv() => {
                    if let Some((queue, kind)) = Jobs::parse_message(&message, &self.kinds) {
                        self.jobs.know(queue, kind, clock::now_ms());
                    }
                }
                () = tokio::time::sleep(self.until_next(clock::now_ms())) => {}
                () = tokio::time::sleep_until(next_look) => {}
            }
        }
    }

    /// Looks at all tables once: a process that was killed may have left jobs in any of them.
    async fn begin(&mut self) {
        self.read_studios().await;
        let queues = std::iter::once(None).chain(self.studios.clone().into_iter().map(Some));
        if self.jobs.0.settings.is_alone {
            for queue in queues {
                let Ok(tables) = self.jobs.tables(queue).await else { continue };
                if let Err(error) = store::void_leases(&tables).await {
                    tracing::warn!(%error, "taking back the leases of jobs failed");
                }
                self.look_at(&[(queue, tables)]).await;
            }
        } else {
            self.look_at_control().await;
            for _ in 0..self.studios.len().div_ceil(STUDIOS_AT_ONCE) {
                self.look_at_studios().await;
            }
        }
    }

    async fn read_studios(&mut self) {
        match self.jobs.0.database.studios().await {
            Ok(studios) => self.studios = studios,
            Err(error) => tracing::debug!(%error, "reading the list of studios failed"),
        }
    }

    /// The kinds of which a job is due and may be done now.
    fn ready(&self, now_ms: i64) -> Vec<(Queue, &'static str)> {
        let due = self.jobs.0.due.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ready = |kind: &str, due_ms: i64| due_ms <= now_ms && self.has_room(kind);
        due.iter().filter(|((_, kind), due_ms)| is_ready(kind, **due_ms)).map(|(key, _)| *key).collect()
    }

    fn has_room(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_some_and(|slots| slots.free.available_permits() > 0)
    }

    /// How long until a job is due that may be done then.
    fn until_next(&self, now_ms: i64) -> Duration {
        let due = self.jobs.0.due.lock().unwrap_or_else(PoisonError::into_inner);
        let next = due.iter().filter(|((_, kind), _)| self.has_room(kind)).map(|(_, due_ms)| *due_ms).min();
        let ms = next.map_or(i64::MAX, |next| next.saturating_sub(now_ms).max(1));
        Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX)).min(LOOK_EVERY)
    }

    /// Takes as many jobs of a kind as may be done now.
    async fn take(&self, queue: Queue, kind: &'static str) {
        let Some(slots) = self.kinds.get(kind) else { return };
        let free = slots.free.available_permits();
        self.jobs.0.due.lock().unwrap_or_else(PoisonError::into_inner).remove(&(queue, kind));
        let times = lease_times(&self.jobs.0.settings);
        let taken = async {
            let lease = token::random_text(26).map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let tables = self.jobs.tables(queue).await?;
            let taken = store::take(&tables, kind, free, &lease, times).await?;
            Ok::<_, StoreError>((taken, lease, tables))
        };
        let (taken, lease, tables) = match taken.await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::debug!(%error, kind, "taking jobs failed");
                return self.jobs.know(queue, kind, clock::ms_from_now(AFTER_ERROR));
            }
        };
        if taken.len() == free {
            // There may be more: for this instance when it has room again, and for others now.
            self.jobs.know(queue, kind, times.0);
            self.jobs.announce(queue, kind).await;
        }
        for row in taken {
            let Ok(permit) = Arc::clone(&slots.free).try_acquire_owned() else { return };
            let job = Job {
                id: row.id,
                kind: slots.kind,
                queue,
                payload: row.payload,
                attempts: row.attempts,
                created_at_ms: row.created_at_ms,
                lease: lease.clone(),
                tables: tables.clone(),
                is_finished: Arc::default(),
                is_uncertain: Arc::default(),
            };
            let (jobs, handler) = (self.jobs.clone(), Arc::clone(&slots.handler));
            self.jobs.0.tasks.spawn("job", async move {
                execution::attempt(&jobs, &handler, job).await;
                drop(permit);
                jobs.0.changed.notify_one();
            });
        }
    }

    /// The one statement a second.
    async fn look(&mut self) {
        self.looks += 1;
        if self.looks.is_multiple_of(CLEAN_EVERY) {
            self.read_studios().await;
            self.clean().await;
        } else if self.looks.is_multiple_of(COUNT_EVERY) {
            self.count().await;
        } else if self.looks.is_multiple_of(2) && !self.studios.is_empty() {
            self.look_at_studios().await;
        } else {
            self.look_at_control().await;
        }
    }

    async fn look_at_control(&self) {
        let control = (**self.jobs.0.database.control()).clone();
        self.look_at(&[(None, control)]).await;
    }

    async fn look_at_studios(&mut self) {
        let database = &self.jobs.0.database;
        let at_once = if database.is_local() { 1 } else { STUDIOS_AT_ONCE };
        let mut queues: Vec<(Queue, Tables)> = Vec::new();
        for _ in 0..self.studios.len() {
            if queues.len() == at_once {
                break;
            }
            self.next_studio = (self.next_studio + 1) % self.studios.len();
            let Some(studio) = self.studios.get(self.next_studio).copied() else { break };
            // Nobody else writes to a file that is not open.
            if database.is_open(studio)
                && let Ok(tables) = self.jobs.tables(Some(studio)).await
            {
                queues.push((Some(studio), tables));
            }
        }
        self.look_at(&queues).await;
    }

    async fn look_at(&self, queues: &[(Queue, Tables)]) {
        let is_control = queues.first().is_some_and(|(queue, _)| queue.is_none());
        let kinds = if is_control { self.names.as_slice() } else { &[CROSSING.name] };
        let found = match store::earliest(queues, kinds).await {
            Ok(found) => found,
            Err(error) => return tracing::debug!(%error, "looking for jobs failed"),
        };
        if is_control {
            let oldest = found.iter().map(|earliest| earliest.due_ms).min();
            let overdue_ms = oldest.map_or(0, |due_ms| clock::now_ms().saturating_sub(due_ms).max(0));
            self.jobs.0.metrics.set_overdue(overdue_ms / 1000);
        }
        for earliest in found {
            let queue = (earliest.studio != 0).then_some(StudioId(earliest.studio));
            if let Some((kind, _)) = self.kinds.get_key_value(earliest.kind.as_str()) {
                self.jobs.know(queue, kind, earliest.due_ms);
            }
        }
    }

    async fn count(&self) {
        let Ok(counts) = store::counts(self.jobs.0.database.control()).await else { return };
        self.jobs.0.metrics.reset();
        for store::Count { kind, dead, jobs } in counts {
            self.jobs.0.metrics.set_jobs(&kind, dead, jobs);
        }
    }

    /// Removes dead letters that nobody has looked at for long.
    async fn clean(&self) {
        let before_ms = clock::ms_ago(self.jobs.0.settings.keep_dead);
        match store::discard(self.jobs.0.database.control(), &Filter::default(), before_ms).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed old dead letters"),
            Err(error) => tracing::warn!(%error, "removing old dead letters failed"),
        }
        crossing::forget(&self.jobs).await;
    }
}
