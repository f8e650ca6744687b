//! The job by which changes by WebDAV become a version, and the one that removes what nothing has any more.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Saves,
    arriving::{FORGET_SAVE, TAKE_SAVE},
};
use crate::{
    journal::saves::{
        model::{HeldFor, Merged, NewVersion, Origin, SaveError, SlotId, VersionState, shrinks},
        store::Paths,
    },
    platform::{
        clock,
        db::DatabaseTransaction,
        error::StoreError,
        jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued, Work},
    },
};

/// Makes a version of the changes of an app password.
const CLOSE_SAVE: JobKind = JobKind { name: "close_save", ..TAKE_SAVE };

/// Removes what nothing has any more.
const TIDY_SAVES: JobKind = JobKind { name: "tidy_saves", at_once: 2, ..TAKE_SAVE };

/// A window that is changed again and again is closed after so many of its pauses.
const MOST_PAUSES: u32 = 10;

#[derive(Serialize, Deserialize)]
struct OfWindow {
    window: i64,
}

/// Of a user's saves; a job names no user.
#[derive(Serialize, Deserialize)]
struct OfKeeper {
    keeper: i64,
    slot: Option<i64>,
}

impl Saves {
    /// The jobs that it does.
    #[must_use]
    pub fn work(&self) -> [Work; 4] {
        let (taking, forgetting, closing, tidying) = (self.clone(), self.clone(), self.clone(), self.clone());
        [
            Work::new(TAKE_SAVE, move |job| {
                let saves = taking.clone();
                async move { saves.take(&job).await }
            }),
            Work::new(FORGET_SAVE, move |job| {
                let saves = forgetting.clone();
                async move { saves.forget(&job).await }
            }),
            Work::new(CLOSE_SAVE, move |job| {
                let saves = closing.clone();
                async move { saves.close_in_time(&job).await }
            }),
            Work::new(TIDY_SAVES, move |job| {
                let saves = tidying.clone();
                async move { saves.tidy(&job).await }
            }),
        ]
    }

    /// Asks for that a window is closed in time.
    pub(super) async fn close_later(
        &self,
        transaction: &DatabaseTransaction,
        window: i64,
    ) -> Result<Queued, StoreError> {
        let job = NewJob::new(&CLOSE_SAVE, &OfWindow { window }).at(clock::ms_from_now(self.settings.window));
        self.jobs.enqueue(transaction, job).await
    }

    async fn close_in_time(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let OfWindow { window } = job.payload()?;
        let Some(window) = self.store.window(window).await? else { return Ok(JobOutcome::Finished) };
        let after = |from_ms: i64, pause: Duration| from_ms.saturating_add(clock::ms(pause));
        let latest_ms = after(window.opened_at_ms, self.settings.window * MOST_PAUSES);
        let due_ms = after(window.changed_at_ms, self.settings.window).min(latest_ms);
        if clock::now_ms() < due_ms {
            return Ok(JobOutcome::Again(due_ms));
        }
        self.close(window.id).await?;
        Ok(JobOutcome::Finished)
    }

    /// Makes a version of the changes of a window. It follows the one that counts now, so that of several devices each one's changes are
    /// there. If it is much smaller than that one it is held.
    pub(super) async fn close(&self, window: i64) -> Result<(), SaveError> {
        let Some(window) = self.store.window(window).await? else { return Ok(()) };
        let Some(slot) = self.store.any_slot(window.slot).await? else { return Ok(()) };
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, &slot.user).await?;
        let Some(slot) = self.store.slot_in(&transaction, &slot.user, slot.id).await? else { return Ok(()) };
        let changes = self.store.changes(&transaction, slot.id, Some(window.id), Paths::All).await?;
        if !self.store.delete_window(&transaction, window.id).await? {
            return Ok(());
        }
        let base = match slot.current {
            Some(number) => self.store.version_in(&transaction, slot.id, number).await?,
            None => None,
        };
        let entries = match &base {
            Some(base) => self.store.entries(&transaction, base.id, Paths::All).await?,
            None => Vec::new(),
        };
        let merged = Merged::new(entries, changes);
        if !merged.is_same {
            let held_for = shrinks(merged.before, merged.after).then_some(HeldFor::Shrunk);
            let new = NewVersion {
                state: if held_for.is_some() { VersionState::Held } else { VersionState::Kept },
                held_for,
                origin: Origin::Webdav,
                device: window.device,
                base: slot.current,
                restored: None,
                entries: merged.entries,
            };
            self.insert_version(&transaction, &slot, &new).await?;
        }
        let tidied = self.tidy_later(&transaction, keeper.id, Some(slot.id)).await?;
        control.commit(transaction).await?;
        tidied.wake().await;
        Ok(())
    }

    /// Asks for that the oldest versions of a slot are removed, and what nothing has any more.
    pub(super) async fn tidy_later(
        &self,
        transaction: &DatabaseTransaction,
        keeper: i64,
        slot: Option<SlotId>,
    ) -> Result<Queued, StoreError> {
        let slot = slot.map(|slot| slot.0);
        self.jobs.enqueue(transaction, NewJob::new(&TIDY_SAVES, &OfKeeper { keeper, slot })).await
    }

    async fn tidy(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let OfKeeper { keeper, slot } = job.payload()?;
        let Some(user) = self.store.user_of(keeper).await? else { return Ok(JobOutcome::Finished) };
        if let Some(slot) = slot {
            self.remove_surplus(SlotId(slot)).await?;
        }
        let control = self.store.control();
        loop {
            let unneeded = self.store.unneeded_contents(&user).await?;
            if unneeded.is_empty() {
                return Ok(JobOutcome::Finished);
            }
            let transaction = control.begin().await?;
            self.store.lock(&transaction, &user).await?;
            let (contents, bytes, blobs) = self.store.remove_contents(&transaction, &unneeded).await?;
            self.store.add(&transaction, keeper, (-contents, -bytes)).await?;
            self.blobs.release(&transaction, &blobs).await?;
            control.commit(transaction).await?;
        }
    }

    /// Removes the oldest versions of a slot, of those that are kept and of those that are held.
    async fn remove_surplus(&self, slot: SlotId) -> Result<(), JobError> {
        let control = self.store.control();
        for state in [VersionState::Kept, VersionState::Held] {
            loop {
                let Some(slot) = self.store.any_slot(slot).await? else { return Ok(()) };
                let surplus = self.store.surplus(&slot, state, self.settings.versions).await?;
                if surplus.is_empty() {
                    break;
                }
                for version in surplus {
                    let transaction = control.begin().await?;
                    self.store.lock(&transaction, &slot.user).await?;
                    self.store.delete_version(&transaction, version).await?;
                    control.commit(transaction).await?;
                }
            }
        }
        Ok(())
    }
}
