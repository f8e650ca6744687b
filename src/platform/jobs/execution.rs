//! One attempt: the handler runs while the lease is prolonged, and what it returns decides what becomes of the job.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;

use super::{
    Jobs, lease_times,
    model::{Handler, Job, JobError, JobOutcome},
    store::{self, Left},
};
use crate::platform::{clock, error::StoreError};

/// How long an attempt that is under way may go on when the program stops.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// The pause before another attempt to record how a job ended, while the database is away.
const RECORD_AGAIN: Duration = Duration::from_secs(1);

/// How an attempt ended.
enum Ending {
    Returned(Result<JobOutcome, JobError>),
    LeaseLost,
    Stopped,
}

/// Makes one attempt at a job.
pub(super) async fn attempt(jobs: &Jobs, handler: &Handler, job: Job) {
    let ending = run(jobs, handler, &job).await;
    let metrics = &jobs.0.metrics;
    let kind = job.kind.name;
    match ending {
        Ending::LeaseLost | Ending::Returned(Err(JobError::LeaseLost)) => {
            metrics.attempt(kind, "lease_lost");
            tracing::warn!(kind, job = job.id, "a job took longer than its lease and was left to others");
        }
        Ending::Stopped => {
            metrics.attempt(kind, "stopped");
            // The next start need not wait for the lease, and the attempt does not count.
            let left = left(&job, clock::now_ms(), job.attempts - 1, false, "the program stopped");
            log_failure(&job, store::give_back(&job.tables, job.id, &job.lease, left).await);
        }
        Ending::Returned(Ok(JobOutcome::Finished)) => {
            metrics.attempt(kind, "done");
            if !job.was_finished() {
                let finished = record(jobs, || store::finish_now(&job.tables, job.id, &job.lease)).await;
                log_failure(&job, finished);
            }
        }
        Ending::Returned(Ok(JobOutcome::Again(due_ms))) => {
            metrics.attempt(kind, "done");
            let left = || Left { begins_anew: true, ..left(&job, due_ms, 0, job.was_uncertain(), "") };
            let again = || store::give_back(&job.tables, job.id, &job.lease, left());
            log_failure(&job, record(jobs, again).await);
            jobs.know(job.queue, kind, due_ms);
        }
        Ending::Returned(Err(error)) => failed(jobs, &job, &error).await,
    }
}

async fn run(jobs: &Jobs, handler: &Handler, job: &Job) -> Ending {
    let panicked = |_| Err(JobError::Failed("it panicked".to_owned()));
    let work = AssertUnwindSafe(tokio::time::timeout(job.kind.time_limit, handler(job.clone()))).catch_unwind();
    let work = async {
        match work.await {
            Ok(Ok(returned)) => returned,
            Ok(Err(_)) if job.was_uncertain() => Err(JobError::Uncertain("it took too long".to_owned())),
            Ok(Err(_)) => Err(JobError::Failed("it took too long".to_owned())),
            Err(panic) => panicked(panic),
        }
    };
    let mut work = std::pin::pin!(work);
    let stopped = async {
        jobs.0.tasks.stopping().await;
        tokio::time::sleep(STOP_GRACE).await;
    };
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            returned = &mut work => return Ending::Returned(returned),
            () = &mut stopped => return Ending::Stopped,
            () = tokio::time::sleep(jobs.0.settings.lease / 3) => {
                let (_, until_ms) = lease_times(&jobs.0.settings);
                // While the database is away nobody else can take the job either.
                if let Ok(false) = store::renew(&job.tables, job.id, &job.lease, until_ms).await
                    && !job.was_finished()
                {
                    return Ending::LeaseLost;
                }
            }
        }
    }
}

async fn failed(jobs: &Jobs, job: &Job, error: &JobError) {
    let (kind, now_ms) = (job.kind.name, clock::now_ms());
    let after_delay = now_ms.saturating_add(clock::ms(job.kind.delay(job.attempts)));
    let (due_ms, is_uncounted) = match error {
        JobError::NotBefore(due_ms, _) => (after_delay.max(*due_ms), job.was_uncertain()),
        JobError::Uncertain(_) => (after_delay, false),
        _ => (after_delay, job.was_uncertain()),
    };
    let until_ms = job.created_at_ms.saturating_add(clock::ms(job.kind.retry_for));
    let text = error.to_string();
    if matches!(error, JobError::Hopeless(_)) || due_ms > until_ms {
        jobs.0.metrics.attempt(kind, "given_up");
        tracing::warn!(kind, job = job.id, attempts = job.attempts, error = text, "a job was given up");
        log_failure(job, record(jobs, || store::bury(&job.tables, job.id, &job.lease, &text)).await);
        return;
    }
    jobs.0.metrics.attempt(kind, "failed");
    let retry_in_secs = due_ms.saturating_sub(now_ms) / 1000;
    tracing::info!(kind, job = job.id, attempts = job.attempts, error = text, retry_in_secs, "a job failed, retrying");
    let give_back =
        || store::give_back(&job.tables, job.id, &job.lease, left(job, due_ms, job.attempts, is_uncounted, &text));
    log_failure(job, record(jobs, give_back).await);
    jobs.know(job.queue, kind, due_ms);
}

fn left<'a>(job: &Job, due_ms: i64, attempts: i32, is_uncounted: bool, error: &'a str) -> Left<'a> {
    Left { due_ms, attempts, begins_anew: false, is_uncounted: is_uncounted && job.was_uncertain(), error }
}

/// Records how a job ended. While the database is away it is tried again: what is not recorded will be done again.
async fn record<F: Future<Output = Result<bool, StoreError>>>(
    jobs: &Jobs,
    write: impl Fn() -> F,
) -> Result<bool, StoreError> {
    loop {
        match write().await {
            Err(StoreError::Unavailable(_) | StoreError::Conflict(_)) => {}
            outcome => return outcome,
        }
        tokio::select! {
            () = tokio::time::sleep(RECORD_AGAIN) => {}
            () = jobs.0.tasks.stopping() => return write().await,
        }
    }
}

fn log_failure(job: &Job, recorded: Result<bool, StoreError>) {
    let kind = job.kind.name;
    match recorded {
        Ok(true) => {}
        Ok(false) => tracing::warn!(kind, job = job.id, "a job ended after its lease"),
        Err(error) => tracing::warn!(kind, job = job.id, %error, "recording how a job ended failed"),
    }
}
