//! The job that follows the arrival of an upload, and the one that forgets a version whose files never came.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Saves;
use crate::{
    journal::saves::model::{HeldFor, SaveError, SlotId, VersionId, VersionState},
    platform::{
        blobs::{Arrived, BlobKey},
        clock,
        db::DatabaseTransaction,
        error::StoreError,
        jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued},
    },
};

/// Notes that a file of a save has arrived.
pub const TAKE_SAVE: JobKind = JobKind {
    name: "take_save",
    at_once: 4,
    time_limit: Duration::from_mins(1),
    first_delay: Duration::from_secs(1),
    max_delay: Duration::from_mins(5),
    retry_for: Duration::from_hours(24),
    max_uncertain: 100,
};

/// Forgets a version whose files never came.
pub(super) const FORGET_SAVE: JobKind = JobKind { name: "forget_save", ..TAKE_SAVE };

/// When what never came is forgotten.
const FORGET_AFTER: Duration = Duration::from_hours(26);

/// The payload of a job about a version.
#[derive(Serialize, Deserialize)]
struct OfVersion {
    version: i64,
    slot: i64,
}

impl From<SaveError> for JobError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Store(error) => error.into(),
            SaveError::Blobs(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl Saves {
    pub(super) async fn take(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let arrived: Arrived = job.payload()?;
        let Some(blob) = BlobKey::parse(&arrived.blob) else { return Ok(JobOutcome::Finished) };
        let Some((user, content)) = self.store.content_of(&blob).await? else { return Ok(JobOutcome::Finished) };
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, &user).await?;
        let mut after = None;
        if self.store.arrive(&transaction, content, &blob).await?
            && let Some(slot) = self.finish_those_with(&transaction, content).await?
        {
            after = Some(self.tidy_later(&transaction, keeper.id, Some(slot)).await?);
        }
        control.commit(transaction).await?;
        if let Some(after) = after {
            after.wake().await;
        }
        Ok(JobOutcome::Finished)
    }

    /// Finishes the versions that waited for a content, and for no other; returns a slot in which one did.
    pub(super) async fn finish_those_with(
        &self,
        transaction: &DatabaseTransaction,
        content: i64,
    ) -> Result<Option<SlotId>, StoreError> {
        let mut finished = None;
        for id in self.store.waiting_for(transaction, content).await? {
            if !self.store.is_awaited(transaction, id).await? {
                finished = self.finish(transaction, id).await?;
            }
        }
        Ok(finished)
    }

    /// Has a version count whose files are all there; if another came to count meanwhile, it is held.
    async fn finish(&self, transaction: &DatabaseTransaction, id: VersionId) -> Result<Option<SlotId>, StoreError> {
        let Some(version) = self.store.version_of_row(transaction, id).await? else { return Ok(None) };
        let Some(slot) = self.store.any_slot_in(transaction, version.slot).await? else { return Ok(None) };
        let now_ms = clock::now_ms();
        if slot.current == version.base {
            self.store.settle(transaction, id, None, now_ms).await?;
            self.store.set_current(transaction, slot.id, version.number, now_ms).await?;
        } else {
            self.store.settle(transaction, id, Some(HeldFor::Conflict), now_ms).await?;
            self.tell_held(transaction, &slot, version.number).await?;
        }
        Ok(Some(slot.id))
    }

    /// Asks for that a version is forgotten if its files never come.
    pub(super) async fn forget_later(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
        version: VersionId,
    ) -> Result<Queued, StoreError> {
        let job = NewJob::new(&FORGET_SAVE, &OfVersion { version: version.0, slot: slot.0 });
        self.jobs.enqueue(transaction, job.at(clock::ms_from_now(FORGET_AFTER))).await
    }

    pub(super) async fn forget(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let OfVersion { version, slot } = job.payload()?;
        let Some(slot) = self.store.any_slot(SlotId(slot)).await? else { return Ok(JobOutcome::Finished) };
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, &slot.user).await?;
        let version = self.store.version_of_row(&transaction, VersionId(version)).await?;
        if let Some(version) = version.filter(|version| version.state == VersionState::Uploading) {
            self.store.delete_version(&transaction, version.id).await?;
            let tidied = self.tidy_later(&transaction, keeper.id, Some(slot.id)).await?;
            control.commit(transaction).await?;
            tidied.wake().await;
        }
        Ok(JobOutcome::Finished)
    }
}
