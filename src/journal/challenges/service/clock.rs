//! What time does with a challenge: deadlines of offered places, the reminder, the beginning, and the end of the address. A job for each
//! moment settles all that is due by then; one that finds nothing to do, because the time was changed, does nothing.

use std::time::Duration;

use super::Challenges;
use crate::{
    journal::challenges::{
        model::{By, ChallengeId, ChallengeState, Update, moments},
        store::Locked,
    },
    platform::{
        clock as time,
        db::DatabaseTransaction,
        error::StoreError,
        jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued},
    },
};

/// Settles what is due of a challenge.
pub(super) const CLOCK: JobKind = JobKind {
    name: "challenge_clock",
    at_once: 1,
    time_limit: Duration::from_secs(30),
    first_delay: Duration::from_secs(2),
    max_delay: Duration::from_mins(10),
    retry_for: Duration::from_hours(24 * 400),
    max_uncertain: 1,
};

impl Challenges {
    /// The key of the job for a moment.
    pub(super) fn clock_key(id: ChallengeId, at_ms: i64) -> String {
        format!("{} {at_ms}", id.0)
    }

    /// Asks for what is to be done at a moment.
    pub(super) async fn ask_for(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        at_ms: i64,
    ) -> Result<Queued, StoreError> {
        let job = NewJob::new(&CLOCK, &id.0).unique(Self::clock_key(id, at_ms)).at(at_ms);
        self.0.jobs.enqueue(transaction, job).await
    }

    /// Asks for the moments of a challenge that are to come.
    pub(super) async fn ask_for_moments(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        starts_at_ms: i64,
    ) -> Result<Vec<Queued>, StoreError> {
        let (now_ms, mut queued) = (time::now_ms(), Vec::new());
        for at_ms in moments(starts_at_ms).into_iter().filter(|at_ms| *at_ms > now_ms) {
            queued.push(self.ask_for(transaction, id, at_ms).await?);
        }
        Ok(queued)
    }

    /// Writes what has changed, and asks for the jobs that follow from it.
    pub(super) async fn write(
        &self,
        transaction: &DatabaseTransaction,
        locked: &Locked,
        now_ms: i64,
    ) -> Result<Vec<Queued>, StoreError> {
        self.0.store.save(transaction, locked, now_ms).await?;
        let mut queued = Vec::new();
        for news in &locked.roster.news {
            queued.push(self.ask_to_tell(transaction, locked.id, *news, (now_ms, 0)).await?);
        }
        let changed = locked.roster.guests.iter().filter(|guest| guest.is_changed);
        for until_ms in changed.filter_map(|guest| guest.answer_by_ms) {
            queued.push(self.ask_for(transaction, locked.id, until_ms).await?);
        }
        Ok(queued)
    }

    /// Settles what is due of a challenge.
    pub(super) async fn tick(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let id = ChallengeId(job.payload()?);
        let control = self.0.store.control();
        let transaction = control.begin().await?;
        let Some(mut locked) = self.0.store.lock(&transaction, id, self.0.settings.offered_for).await? else {
            return Ok(JobOutcome::Finished);
        };
        let now_ms = time::now_ms().max(locked.changed_at_ms + 1);
        let [remind_ms, starts_ms, wipe_ms] = moments(locked.starts_at_ms);
        if now_ms >= wipe_ms && locked.host.is_none() {
            // Its guests have had the time to read that it was called off.
            self.0.store.delete(&transaction, id).await?;
            job.finish(&transaction).await?;
            control.commit(transaction).await?;
            return Ok(JobOutcome::Finished);
        }
        let mut is_changed = locked.roster.settle(now_ms);
        if now_ms >= remind_ms && !locked.is_reminded {
            self.0.store.set_reminded(&transaction, id).await?;
            if now_ms < starts_ms && locked.roster.state == ChallengeState::Accepted {
                locked.roster.news.push(Update::Reminder);
            }
        }
        if now_ms >= wipe_ms {
            if locked.sealed_address.is_some() {
                self.0.store.wipe(&transaction, id).await?;
            }
            is_changed |= locked.roster.complete(By::Server, now_ms).is_ok();
        }
        let mut queued = Vec::new();
        if is_changed {
            queued = self.write(&transaction, &locked, now_ms).await?;
        } else {
            for news in &locked.roster.news {
                queued.push(self.ask_to_tell(&transaction, id, *news, (now_ms, 0)).await?);
            }
        }
        job.finish(&transaction).await?;
        control.commit(transaction).await?;
        for job in queued {
            job.wake().await;
        }
        Ok(JobOutcome::Finished)
    }
}
