//! Kinds of jobs, jobs, and how an attempt ends.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::store;
use crate::platform::{
    clock,
    db::{DatabaseTransaction, StudioId, Tables},
    error::{StoreError, with_causes},
};

/// A kind of jobs, and how they are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobKind {
    /// Its name: what stands in the database, so it never changes. At most 64 characters.
    pub name: &'static str,
    /// Jobs of this kind that one instance does at the same time, at most.
    pub at_once: usize,
    /// How long an attempt may take; then it has failed.
    pub time_limit: Duration,
    /// The delay after the first failure; doubled after each further one.
    pub first_delay: Duration,
    /// The longest delay.
    pub max_delay: Duration,
    /// How long it is tried. A job that still fails after that becomes a dead letter.
    pub retry_for: Duration,
    /// Attempts of which nobody knows how they ended, at most ([`Job::begin_uncertain`]). With 1 it is done once at most.
    pub max_uncertain: i32,
}

impl JobKind {
    /// A kind of which one job is done again and again, and never given up.
    #[must_use]
    pub const fn recurring(name: &'static str, time_limit: Duration) -> Self {
        Self {
            name,
            at_once: 1,
            time_limit,
            first_delay: Duration::from_mins(1),
            max_delay: Duration::from_hours(1),
            retry_for: Duration::from_hours(24 * 365 * 100),
            max_uncertain: 1_000_000,
        }
    }

    /// The delay before the next attempt, with a quarter of it to and fro at random, so that jobs which failed together don't
    /// come back together.
    pub(super) fn delay(&self, attempts: i32) -> Duration {
        let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default().min(20);
        let delay = self.first_delay.saturating_mul(1 << doublings).min(self.max_delay);
        delay.mul_f64(0.75 + fastrand::f64() / 2.0)
    }
}

/// A job that is to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub(super) kind: &'static str,
    pub(super) payload: String,
    pub(super) key: Option<String>,
    pub(super) due_ms: i64,
}

impl NewJob {
    /// A job of that kind, to be done at once. `payload` says of what, by ids: never a text, a code or an address.
    #[must_use]
    pub fn new(kind: &JobKind, payload: &impl Serialize) -> Self {
        Self::named(kind.name, payload)
    }

    /// As [`NewJob::new`], of a kind of which only the name is known here.
    #[must_use]
    pub fn named(kind: &'static str, payload: &impl Serialize) -> Self {
        let payload = serde_json::to_value(payload).unwrap_or_default().to_string();
        Self { kind, payload, key: None, due_ms: clock::now_ms() }
    }

    /// The same, not before that time in milliseconds since the Unix epoch.
    #[must_use]
    pub fn at(self, due_ms: i64) -> Self {
        Self { due_ms, ..self }
    }

    /// The same, unless one of this kind with the same key waits already, or is being done.
    #[must_use]
    pub fn unique(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }
}

/// How an attempt that succeeded leaves its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is done.
    Finished,
    /// It is done for now, and is to be done again at that time, in milliseconds since the Unix epoch.
    Again(i64),
}

/// Why an attempt failed. The texts are stored and logged: they hold no address and no secret.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It had no effect, and another attempt may succeed.
    #[error("{0}")]
    Failed(String),
    /// As [`JobError::Failed`], and another attempt makes no sense before that time, in milliseconds since the Unix epoch.
    #[error("{1}")]
    NotBefore(i64, String),
    /// Nobody knows whether it had its effect ([`Job::begin_uncertain`]).
    #[error("{0}")]
    Uncertain(String),
    /// Another attempt would fail too.
    #[error("{0}")]
    Hopeless(String),
    /// Another instance does the job now, because this one took too long.
    #[error("the lease has expired")]
    LeaseLost,
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Failed(with_causes(&error))
    }
}

/// What does the jobs of a kind.
pub type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<JobOutcome, JobError>> + Send + Sync>;

/// A kind of jobs with what does them.
#[derive(Clone)]
pub struct Work {
    /// The kind.
    pub kind: JobKind,
    /// What does them.
    pub handler: Handler,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Work").field(&self.kind).finish()
    }
}

impl Work {
    /// Jobs of that kind are done by that function.
    pub fn new<F>(kind: JobKind, handler: impl Fn(Job) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<JobOutcome, JobError>> + Send + 'static,
    {
        Self { kind, handler: Arc::new(move |job| Box::pin(handler(job))) }
    }
}

/// A job as its handler gets it: leased to this attempt. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Job {
    pub(super) id: i64,
    pub(super) kind: JobKind,
    pub(super) queue: Option<StudioId>,
    pub(super) payload: String,
    pub(super) attempts: i32,
    pub(super) created_at_ms: i64,
    pub(super) lease: String,
    pub(super) tables: Tables,
    pub(super) is_finished: Arc<AtomicBool>,
    pub(super) is_uncertain: Arc<AtomicBool>,
}

impl Job {
    /// What it is about.
    ///
    /// # Errors
    /// [`JobError::Hopeless`]: another program has written it.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        let unreadable = |error| JobError::Hopeless(format!("the payload can't be read: {error}"));
        let value: Value = serde_json::from_str(&self.payload).map_err(unreadable)?;
        serde_json::from_value(value).map_err(unreadable)
    }

    /// The studio in whose tables it is; `None` in the control tables.
    #[must_use]
    pub fn studio(&self) -> Option<StudioId> {
        self.queue
    }

    /// When it was asked for, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn asked_at_ms(&self) -> i64 {
        self.created_at_ms
    }

    /// A name of this job that no other has, the same in each attempt.
    #[must_use]
    pub fn name(&self) -> String {
        let queue = self.queue.map_or_else(|| "0".to_owned(), |studio| studio.to_string());
        format!("{queue}-{}-{}", self.id, self.created_at_ms)
    }

    /// Finishes the job in the transaction that has its effect, on the tables that the job is in: so it has its effect once.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`]: the transaction must be rolled back. Or the database failed.
    pub async fn finish(&self, transaction: &DatabaseTransaction) -> Result<(), JobError> {
        if !store::finish(&self.tables, transaction, self.id, &self.lease).await? {
            return Err(JobError::LeaseLost);
        }
        self.is_finished.store(true, Ordering::Release);
        Ok(())
    }

    pub(super) fn was_finished(&self) -> bool {
        self.is_finished.load(Ordering::Acquire)
    }

    /// Records that an effect outside of the database begins, of which nobody may learn how it ended. Where that happened as often
    /// as the kind allows, the job is given up instead.
    ///
    /// # Errors
    /// [`JobError::Hopeless`], [`JobError::LeaseLost`], or the database failed: then the effect must not begin.
    pub async fn begin_uncertain(&self) -> Result<(), JobError> {
        match store::begin_uncertain(&self.tables, self.id, &self.lease).await? {
            None => Err(JobError::LeaseLost),
            Some(times) if times > self.kind.max_uncertain => {
                let before = times - 1;
                Err(JobError::Hopeless(format!("it may have been done already: {before} attempts ended unknown")))
            }
            Some(_) => {
                self.is_uncertain.store(true, Ordering::Release);
                Ok(())
            }
        }
    }

    pub(super) fn was_uncertain(&self) -> bool {
        self.is_uncertain.load(Ordering::Acquire)
    }
}

/// A job as operators see it.
#[derive(Clone, Debug)]
pub struct ListedJob {
    /// Its id in its tables.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// Whether it was given up.
    pub is_dead: bool,
    /// Whether it is being done.
    pub is_leased: bool,
    /// Attempts that have begun.
    pub attempts: i32,
    /// Why the last attempt failed.
    pub error: String,
    /// When it was asked for, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// When it is to be done, or was given up, in milliseconds since the Unix epoch.
    pub due_ms: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn delays_double_up_to_their_bound_and_vary_by_a_quarter(attempts in 1..1000_i32) {
            let kind = JobKind {
                name: "test",
                at_once: 1,
                time_limit: Duration::from_secs(1),
                first_delay: Duration::from_secs(2),
                max_delay: Duration::from_mins(1),
                retry_for: Duration::from_hours(1),
                max_uncertain: 1,
            };
            let expected = (2.0 * 2_f64.powi(attempts - 1)).min(60.0);
            let delay = kind.delay(attempts).as_secs_f64();
            prop_assert!(delay >= expected * 0.75 && delay <= expected * 1.25, "{delay} for {expected}");
        }
    }
}
