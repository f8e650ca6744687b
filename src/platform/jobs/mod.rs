//! Durable work: what is asked for in a transaction is done after it, also if the program ends in between.
//!
//! - **A job is a row**, written in the transaction of what asks for it. It holds the kind and ids; what else is needed is read when
//!   it is done. There is a table in the control tables and one in each studio's.
//! - **Who does it has a lease**, prolonged while it works. Where an instance is killed, the lease expires and another one takes over.
//! - **Once, or at least once.** A handler that finishes its job in the transaction of its effect ([`Job::finish`]) has that effect
//!   once. What has effects outside of the database says when one begins ([`Job::begin_uncertain`]), and its kind says how often
//!   that may happen without anybody knowing how it ended. All other jobs may be done more than once.
//! - **What fails is tried again**, later each time. What fails for too long, or in a way that does not pass, becomes a dead letter,
//!   which operators see, replay and discard (`cairn jobs`).
//! - **Nobody polls much.** Whoever asks for a job wakes this instance, and one that is busy tells the others through the cache. What
//!   is lost on that way is found by one statement a second, for all tables together (`runner`).
//! - **What crosses from a studio to the installation** is a job in the studio's tables that moves over once (`crossing`).

mod config;
mod crossing;
mod execution;
mod metrics;
mod model;
mod runner;
mod store;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

pub use self::{
    config::{JobsConfig, Settings},
    metrics::JobMetrics,
    model::{Handler, Job, JobError, JobKind, JobOutcome, ListedJob, NewJob, Work},
    store::{Filter, tenant_tables},
};
use super::{
    cache::Cache,
    clock,
    db::{Database, DatabaseTransaction, StudioId, Tables, Tenant},
    error::StoreError,
    tasks::Tasks,
};

/// The channel on which instances tell each other of jobs.
pub const CHANNEL: &str = "jobs";

/// Whose tables a job is in: a studio's, or the control tables.
type Queue = Option<StudioId>;

/// Asks for jobs, and does them where [`Jobs::start`] was called. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Jobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    cache: Cache,
    tasks: Tasks,
    metrics: JobMetrics,
    settings: Settings,
    /// Whether this process does jobs.
    is_running: AtomicBool,
    /// When the first job of a kind is known to be due.
    due: Mutex<BTreeMap<(Queue, &'static str), i64>>,
    changed: Notify,
    /// What other instances tell, until it is listened to.
    messages: Mutex<Option<mpsc::Receiver<Bytes>>>,
}

/// A job that was asked for in a transaction that is not committed yet.
#[derive(Debug)]
#[must_use = "it is noticed late unless it is woken after the commit"]
pub struct Queued {
    jobs: Jobs,
    queue: Queue,
    kind: &'static str,
    due_ms: i64,
}

impl Queued {
    /// Has the job done, now that it is committed.
    pub async fn wake(self) {
        self.jobs.know(self.queue, self.kind, self.due_ms);
        if !self.jobs.0.is_running.load(Ordering::Acquire) {
            self.jobs.announce(self.queue, self.kind).await;
        }
    }
}

impl Jobs {
    /// Jobs in this database; `messages` are those of [`CHANNEL`] in the cache. None is done before [`Jobs::start`].
    #[must_use]
    pub fn new(
        database: Database,
        (cache, messages): (Cache, mpsc::Receiver<Bytes>),
        settings: Settings,
        tasks: &Tasks,
        metrics: &JobMetrics,
    ) -> Self {
        Self(Arc::new(Inner {
            database,
            cache,
            tasks: tasks.clone(),
            metrics: metrics.clone(),
            settings,
            is_running: AtomicBool::new(false),
            due: Mutex::default(),
            changed: Notify::new(),
            messages: Mutex::new(Some(messages)),
        }))
    }

    /// Does jobs from now on: those of these kinds in the control tables, and what crosses from studios. Once at most.
    pub fn start(&self, work: Vec<Work>) {
        let Some(messages) = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let jobs = self.clone();
        self.0.is_running.store(true, Ordering::Release);
        self.0.tasks.spawn("jobs", runner::run(jobs, work, messages));
    }

    /// Asks for a job of the installation, in the caller's transaction on the control tables.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue(&self, transaction: &DatabaseTransaction, job: NewJob) -> Result<Queued, StoreError> {
        self.insert(None, self.0.database.control(), transaction, job).await
    }

    /// As [`Jobs::enqueue`], in a transaction of its own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue_now(&self, job: NewJob) -> Result<(), StoreError> {
        let control = self.0.database.control();
        let transaction = control.begin().await?;
        let queued = self.enqueue(&transaction, job).await?;
        control.commit(transaction).await?;
        queued.wake().await;
        Ok(())
    }

    /// Asks for a job of the installation in the caller's transaction on a studio's tables. It moves to the control tables once, by the
    /// studio, `world` (0: none) and `id`, which no other job of the studio and world has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue_across(
        &self,
        tenant: &Tenant,
        transaction: &DatabaseTransaction,
        (world, id): (i32, &str),
        job: NewJob,
    ) -> Result<Queued, StoreError> {
        self.insert(Some(tenant.studio()), tenant, transaction, crossing::pack(world, id, job)).await
    }

    async fn insert(
        &self,
        queue: Queue,
        tables: &Tables,
        transaction: &DatabaseTransaction,
        job: NewJob,
    ) -> Result<Queued, StoreError> {
        let (kind, due_ms) = (job.kind, job.due_ms);
        store::insert(tables, transaction, job).await?;
        Ok(Queued { jobs: self.clone(), queue, kind, due_ms })
    }

    /// How many jobs of that kind wait in the control tables, counted up to a limit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(&self, kind: &JobKind, limit: u64) -> Result<u64, StoreError> {
        store::waiting(self.0.database.control(), kind.name, limit).await
    }

    /// The jobs of the installation, or of a studio, that an operator means: the first thousand, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(&self, studio: Option<StudioId>, filter: &Filter) -> Result<Vec<ListedJob>, StoreError> {
        store::list(&self.tables(studio).await?, filter).await
    }

    /// Has dead letters tried again; returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replay(&self, studio: Option<StudioId>, filter: &Filter) -> Result<u64, StoreError> {
        store::replay(&self.tables(studio).await?, filter).await
    }

    /// Deletes dead letters; returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn discard(&self, studio: Option<StudioId>, filter: &Filter) -> Result<u64, StoreError> {
        store::discard(&self.tables(studio).await?, filter, i64::MAX).await
    }

    async fn tables(&self, queue: Queue) -> Result<Tables, StoreError> {
        Ok(match queue {
            None => (**self.0.database.control()).clone(),
            Some(studio) => (*self.0.database.tenant(studio).await?).clone(),
        })
    }

    /// Knows of a job that is due then.
    fn know(&self, queue: Queue, kind: &'static str, due_ms: i64) {
        let mut due = self.0.due.lock().unwrap_or_else(PoisonError::into_inner);
        let known = due.entry((queue, kind)).or_insert(due_ms);
        *known = (*known).min(due_ms);
        drop(due);
        self.0.changed.notify_one();
    }

    /// Tells the other instances that there is a job.
    async fn announce(&self, queue: Queue, kind: &str) {
        let message = format!("{} {kind}", queue.map_or(0, |studio| studio.0));
        self.0.cache.announce(CHANNEL, Bytes::from(message)).await;
    }

    /// The queue and kind of which another instance has told.
    fn parse_message(message: &[u8], kinds: &HashMap<&'static str, runner::Slots>) -> Option<(Queue, &'static str)> {
        let (studio, kind) = std::str::from_utf8(message).ok()?.split_once(' ')?;
        let studio: i32 = studio.parse().ok()?;
        let (kind, _) = kinds.get_key_value(kind)?;
        Some(((studio != 0).then_some(StudioId(studio)), kind))
    }
}

/// Asks for a job in a transaction on these tables, without waking anybody: it is found within seconds of the time at which it is due.
///
/// # Errors
/// [`StoreError`].
pub async fn enqueue_quietly(
    tables: &Tables,
    transaction: &DatabaseTransaction,
    job: NewJob,
) -> Result<(), StoreError> {
    store::insert(tables, transaction, job).await.map(drop)
}

/// Withdraws the jobs of a kind with these keys.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw(tables: &Tables, kind: &str, keys: &[String]) -> Result<(), StoreError> {
    store::withdraw(tables, kind, keys).await
}

/// Now, and when a lease that is taken now ends.
fn lease_times(settings: &Settings) -> (i64, i64) {
    let now_ms = clock::now_ms();
    (now_ms, now_ms.saturating_add(clock::ms(settings.lease)))
}
