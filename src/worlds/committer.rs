//! Commits batches of jobs, and announces them.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    announcement::{Announcement, CHANNEL},
    command::WorldCommand,
    insert::{Insert, Inserted},
    job::Job,
    model::{InsertOutcome, SilentChanges, WorldChange, WorldError},
    revision_tracker::Source,
    service::Engine,
    store::CommittedCommands,
};
use crate::platform::{db::with_deadline, error::StoreError};

/// How often a transaction is tried that conflicts with others.
const TRIES: u32 = 4;

/// Runs `store`, and runs it again when its transaction was rolled back because of a conflict with another, at most `TRIES` times in
/// all.
///
/// # Errors
/// The last error of `store`.
pub async fn retry_races<T, F: Future<Output = Result<T, StoreError>>>(
    mut store: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match store().await {
            Err(StoreError::Conflict(error)) if tries < TRIES => {
                tracing::debug!(%error, tries, "transaction conflicted with another, trying again");
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

impl<I: Insert> Engine<I> {
    /// Commits a batch of jobs for one world; returns the outcome of each, in order.
    pub async fn commit(&self, batch: Vec<Job<I>>) -> Vec<Result<InsertOutcome, WorldError>> {
        let mut outcomes_by_job: Vec<Option<Result<InsertOutcome, WorldError>>> = batch.iter().map(|_| None).collect();
        let (inserts, commands): (Vec<_>, Vec<_>) =
            batch.iter().enumerate().partition(|(_, job)| matches!(job, Job::Insert(_)));
        // Inserts share a statement, commands a transaction. A part with an invalid row is halved. Parts are taken from the end.
        let mut parts: Vec<&[(usize, &Job<I>)]> =
            [&*commands, &*inserts].into_iter().filter(|part| !part.is_empty()).collect();
        // The next batch of this world waits meanwhile.
        let until = Instant::now() + self.deadline();
        while let Some(part) = parts.pop() {
            let began = Instant::now();
            let jobs: Vec<&Job<I>> = part.iter().map(|(_, job)| *job).collect();
            // Boxed, because the type of the nested futures is too deep for the compiler.
            let outcome = with_deadline(until, Box::pin(self.store_batch(&jobs))).await;
            self.metrics.batch_ended(part.len(), began.elapsed());
            let outcomes: Vec<Result<InsertOutcome, WorldError>> = match outcome {
                Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
                Err(StoreError::InvalidRow(_)) if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                    continue;
                }
                Err(error) => {
                    let error = Arc::new(error);
                    part.iter().map(|_| Err(WorldError::Store(Arc::clone(&error)))).collect()
                }
            };
            for ((position, _), outcome) in part.iter().zip(outcomes) {
                if let Some(slot) = outcomes_by_job.get_mut(*position) {
                    *slot = Some(outcome);
                }
            }
        }
        let missing = || Err(WorldError::Broken("a job was not run"));
        outcomes_by_job.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect()
    }

    /// Stores jobs that are either all inserts or all commands, and announces the changes.
    async fn store_batch(&self, jobs: &[&Job<I>]) -> Result<Vec<InsertOutcome>, StoreError> {
        let Some(world) = jobs.first().map(|job| job.world()) else { return Ok(Vec::new()) };
        let inserts: Vec<&I> = jobs.iter().filter_map(|job| job.insert()).collect();
        if inserts.is_empty() {
            let store = self.tenants.of(world).await?;
            let commands: Vec<&WorldCommand> = jobs.iter().filter_map(|job| job.command()).collect();
            let committed = retry_races(|| store.run(world, &commands, self.bounds)).await?;
            if let Some(CommittedCommands { after, upto, scopes, silent, alters_existing, added }) = committed {
                self.listeners.added(world, &added);
                // Where no scope is touched no row was inserted under these ids, and that is all there is to know.
                let recent = scopes.is_empty().then(|| Arc::from([]));
                let silent = Some(silent);
                self.announce(Announcement { world, after, upto, scopes, silent, alters_existing, recent });
            }
            return Ok(commands.iter().map(|_| InsertOutcome::Stored).collect());
        }
        let tenant = self.tenants.tables(world.studio()).await?;
        let inserted = retry_races(|| Box::pin(I::insert(tenant.clone(), world, &inserts, self.bounds))).await?;
        let Some(Inserted { outcomes, after, upto, scopes, added, recent }) = inserted else {
            return Ok(inserts.iter().map(|_| InsertOutcome::NoRoom).collect());
        };
        if upto.seq > after {
            self.listeners.added(world, &added);
            let silent = Some(SilentChanges::default());
            self.announce(Announcement { world, after, upto, scopes, silent, alters_existing: false, recent });
        }
        Ok(outcomes)
    }

    /// Applies a change here and announces it to the other instances.
    pub fn announce(&self, announcement: Announcement<I::Recent>) {
        self.apply(&announcement, Source::Database);
        if self.cache.is_shared() {
            let cache = self.cache.clone();
            // Responses do not wait for the announcement.
            self.tasks.spawn("announce", async move {
                if let Some(bytes) = announcement.to_bytes() {
                    cache.announce(CHANNEL, bytes).await;
                }
            });
        }
    }

    /// Applies a change on this instance: first to the tracker, because listeners read it.
    pub fn apply(&self, announcement: &Announcement<I::Recent>, source: Source) {
        let Announcement { world, after, upto, scopes, silent, alters_existing, recent } = announcement;
        self.tracker.add(*world, *after, *upto, recent.clone(), source);
        self.listeners.changed(WorldChange {
            world: *world,
            revision: upto.seq,
            scopes: Some(scopes),
            silent: silent.as_ref(),
            alters_existing: *alters_existing,
            rewound: false,
        });
    }
}
