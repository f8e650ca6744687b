//! Removes what nobody needs: blobs that were given up, that have expired, whose owner has gone, or that never came; and, once a day,
//! what lies in the store without a row.
//!
//! A row is removed after its bytes. Whatever ends in between is done again.

use std::time::Duration;

use super::{
    Blobs,
    folder::Folder,
    model::{BlobError, BlobKey, Bucket},
    object_store::Bytestore,
};
use crate::platform::{
    clock,
    error::StoreError,
    jobs::{JobError, JobKind, JobOutcome, NewJob, Work},
};

/// Removes blobs that are to be removed by their rows.
const SWEEP: JobKind = JobKind::recurring("sweep_blobs", Duration::from_mins(10));

/// Removes what has no row.
const SWEEP_ORPHANS: JobKind = JobKind::recurring("sweep_orphans", Duration::from_hours(6));

/// The pause between two sweeps.
const EVERY: Duration = Duration::from_mins(1);

/// The pause between two looks for orphans.
const ORPHANS_EVERY: Duration = Duration::from_hours(24);

/// What has no row is left alone for so long: its row is written first, but a store may show a key late, and a database may be restored
/// to an older state by somebody who finds out the same day.
const ORPHAN_AGE: Duration = Duration::from_hours(24);

/// Keys that the database is asked for at once.
const KEYS_AT_ONCE: usize = 500;

impl Blobs {
    /// Has the sweeps done, once the installation begins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_sweeping(&self) -> Result<(), StoreError> {
        for kind in [&SWEEP, &SWEEP_ORPHANS] {
            self.0.jobs.enqueue_now(NewJob::new(kind, &serde_json::Map::new()).unique("all")).await?;
        }
        Ok(())
    }

    pub(super) fn sweeping(&self) -> Vec<Work> {
        let (by_row, orphans) = (self.clone(), self.clone());
        let sweep = Work::new(SWEEP, move |_| {
            let blobs = by_row.clone();
            async move {
                blobs.sweep().await?;
                Ok::<_, JobError>(JobOutcome::Again(clock::ms_from_now(EVERY)))
            }
        });
        let sweep_orphans = Work::new(SWEEP_ORPHANS, move |_| {
            let blobs = orphans.clone();
            async move {
                blobs.sweep_orphans().await?;
                Ok::<_, JobError>(JobOutcome::Again(clock::ms_from_now(ORPHANS_EVERY)))
            }
        });
        vec![sweep, sweep_orphans]
    }

    /// Removes what is to be removed by its row; returns how many.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn sweep(&self) -> Result<usize, BlobError> {
        let mut removed = 0;
        loop {
            let due = self.0.store.due().await?;
            if due.is_empty() {
                return Ok(removed);
            }
            for blob in &due {
                self.0.bytes.delete(blob.bucket, &blob.key).await?;
                self.0.store.remove(blob).await?;
            }
            removed += due.len();
            self.0.metrics.removed("due", due.len());
        }
    }

    /// Removes what lies in the store without a row for a day; returns how many.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn sweep_orphans(&self) -> Result<usize, BlobError> {
        let mut removed = 0;
        for bucket in Bucket::ALL {
            match &self.0.bytes {
                Bytestore::Folder(folder) => {
                    for shard in 0..=u8::MAX {
                        removed += self.remove_orphans(bucket, folder.keys(bucket, shard).await?).await?;
                    }
                }
                Bytestore::S3(s3) => {
                    let mut token = None;
                    loop {
                        let (keys, next) = s3.keys(bucket, token.as_deref()).await?;
                        removed += self.remove_orphans(bucket, keys).await?;
                        token = next;
                        if token.is_none() {
                            break;
                        }
                    }
                }
            }
        }
        let unfinished = match &self.0.bytes {
            Bytestore::Folder(folder) => folder.clone(),
            Bytestore::S3(_) => Folder::at(&self.0.settings.scratch),
        };
        removed += unfinished.remove_unfinished(clock::ms_ago(ORPHAN_AGE)).await?;
        self.0.metrics.removed("orphan", removed);
        if removed > 0 {
            tracing::info!(removed, "removed files that had no row");
        }
        Ok(removed)
    }

    async fn remove_orphans(&self, bucket: Bucket, keys: Vec<BlobKey>) -> Result<usize, BlobError> {
        let before_ms = clock::ms_ago(ORPHAN_AGE);
        let old: Vec<BlobKey> = keys.into_iter().filter(|key| key.created_ms() < before_ms).collect();
        let mut removed = 0;
        for some in old.chunks(KEYS_AT_ONCE) {
            for key in self.0.store.without_row(some.to_vec()).await? {
                self.0.bytes.delete(bucket, &key).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}
