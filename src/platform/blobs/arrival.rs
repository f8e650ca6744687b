//! The arrival of uploads: what is noted of it, and what follows. An upload to S3 is noticed by a job that asks for the object.

use std::time::Duration;

use super::{
    Arrived, Blobs,
    model::{Blob, BlobError, BlobKey},
};
use crate::platform::{
    clock,
    jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued},
};

/// Waits for an upload that goes past this program.
pub(super) const AWAIT_UPLOAD: JobKind = JobKind {
    name: "await_upload",
    at_once: 4,
    time_limit: Duration::from_mins(1),
    first_delay: Duration::from_secs(5),
    max_delay: Duration::from_mins(5),
    retry_for: Duration::from_hours(24),
    max_uncertain: 1000,
};

/// The pause between two looks for an upload, at first and at most.
pub(super) const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

impl Blobs {
    /// Notes that an upload has arrived, and asks for what follows, in one transaction with `keep`.
    pub(super) async fn arrived(
        &self,
        blob: &Blob,
        nonce: Option<&str>,
        keep: impl Future<Output = Result<(), BlobError>>,
    ) -> Result<Option<Queued>, BlobError> {
        let control = self.control();
        let ends_ms = blob.bucket.lifetime().map(clock::ms_from_now);
        let transaction = control.begin().await?;
        if !self.0.store.burn(&transaction, blob, nonce, ends_ms).await? {
            return Err(BlobError::Done);
        }
        let follow_up = self.0.follow_ups.iter().find(|(bucket, _)| *bucket == blob.bucket);
        let queued = match follow_up {
            Some((_, kind)) => {
                let job = NewJob::new(kind, &Arrived { blob: blob.key.to_string() });
                Some(self.0.jobs.enqueue(&transaction, job).await?)
            }
            None => None,
        };
        keep.await?;
        control.commit(transaction).await?;
        Ok(queued)
    }

    /// Looks whether an upload that goes past this program has arrived.
    pub(super) async fn await_upload(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let key = BlobKey::parse(&job.payload::<Arrived>()?.blob);
        let Some(key) = key else { return Ok(JobOutcome::Finished) };
        let Some(found) = self.0.store.find(&key).await?.filter(|found| found.nonce.is_some()) else {
            return Ok(JobOutcome::Finished);
        };
        let now_ms = clock::now_ms();
        match self.head(&found.blob).await? {
            Some(bytes) if bytes == found.blob.bytes => {
                match self.arrived(&found.blob, None, async { Ok(()) }).await {
                    Ok(Some(queued)) => queued.wake().await,
                    Ok(None) | Err(BlobError::Done) => {}
                    Err(error) => return Err(error.into()),
                }
                self.0.metrics.stored("uploaded");
                Ok(JobOutcome::Finished)
            }
            _ if found.due_ms.is_none_or(|due_ms| due_ms <= now_ms) => Ok(JobOutcome::Finished),
            _ => {
                let waited_ms = now_ms.saturating_sub(key.created_ms());
                let pause_ms = (waited_ms / 4).clamp(clock::ms(LOOK.0), clock::ms(LOOK.1));
                Ok(JobOutcome::Again(now_ms.saturating_add(pause_ms)))
            }
        }
    }
}
