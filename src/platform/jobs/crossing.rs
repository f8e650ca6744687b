//! How a job crosses from a studio to the installation. The two have no transaction in common: on SQLite they are different files. So
//! the studio's transaction stores the job in the studio's tables, and a job of this kind moves it. What has arrived is recorded in the
//! transaction in which it arrives, so that a second attempt finds it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Jobs,
    model::{Job, JobError, JobKind, JobOutcome, NewJob},
    store,
};
use crate::platform::clock;

/// How long arrivals are remembered. A job that is on its way for longer has been given up long ago.
pub(super) const REMEMBERED: Duration = Duration::from_hours(24 * 30);

/// Moves a job from a studio's tables to the control tables.
pub(super) const CROSSING: JobKind = JobKind {
    name: "crossing",
    at_once: 2,
    time_limit: Duration::from_secs(30),
    first_delay: Duration::from_secs(1),
    max_delay: Duration::from_mins(5),
    retry_for: Duration::from_hours(24 * 7),
    max_uncertain: 1,
};

#[derive(Deserialize, Serialize)]
struct Crossing {
    world: i32,
    id: String,
    kind: String,
    payload: String,
    key: Option<String>,
    due_ms: i64,
}

/// The job of the studio that moves this one.
pub(super) fn pack(world: i32, id: &str, job: NewJob) -> NewJob {
    let NewJob { kind, payload, key, due_ms } = job;
    let crossing = Crossing { world, id: id.to_owned(), kind: kind.to_owned(), payload, key, due_ms };
    NewJob::new(&CROSSING, &crossing)
}

/// Moves a job; `kinds` are those of the installation.
pub(super) async fn cross(jobs: &Jobs, kinds: &[&'static str], job: &Job) -> Result<JobOutcome, JobError> {
    let Crossing { world, id, kind, payload, key, due_ms } = job.payload()?;
    let studio = job.studio().ok_or_else(|| JobError::Hopeless("a crossing without a studio".to_owned()))?;
    // Perhaps a newer instance knows it.
    let unknown = || JobError::Failed(format!("no work of the kind {kind} is known"));
    let kind = kinds.iter().copied().find(|known| *known == kind).ok_or_else(unknown)?;
    let control = jobs.0.database.control();
    let transaction = control.begin().await?;
    if !store::arrive(control, &transaction, (studio, world, id)).await? {
        return Ok(JobOutcome::Finished);
    }
    let queued = jobs.enqueue(&transaction, NewJob { kind, payload, key, due_ms }).await?;
    control.commit(transaction).await?;
    queued.wake().await;
    Ok(JobOutcome::Finished)
}

/// Forgets old arrivals.
pub(super) async fn forget(jobs: &Jobs) {
    let before_ms = clock::ms_ago(REMEMBERED);
    if let Err(error) = store::forget_arrivals(jobs.0.database.control(), before_ms).await {
        tracing::warn!(%error, "forgetting which jobs have arrived failed");
    }
}
