//! The job that checks an upload which has arrived, and the one that forgets what never came.

use std::{path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Gallery, files};
use crate::{
    journal::media::{
        check::{self, CheckError, Found},
        model::{Media, MediaState, MediaType, Refusal},
        store::Ready,
    },
    platform::{
        blobs::{Arrived, Blob, BlobError, BlobKey, Bucket, Digest, NewBlob, ScratchFile},
        clock,
        db::DatabaseTransaction,
        error::StoreError,
        jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued, Work},
    },
};

/// Checks an upload. One at a time: decoding a picture may take a hundred megabytes.
pub const CHECK_MEDIA: JobKind = JobKind {
    name: "check_media",
    at_once: 1,
    time_limit: Duration::from_mins(5),
    first_delay: Duration::from_secs(2),
    max_delay: Duration::from_mins(5),
    retry_for: Duration::from_hours(12),
    max_uncertain: 100,
};

/// Forgets what waits for an upload that never came.
const FORGET_MEDIA: JobKind = JobKind { name: "forget_media", ..CHECK_MEDIA };

/// When what never came is forgotten: its address has expired by then, and its blob is gone.
const FORGET_AFTER: Duration = Duration::from_hours(26);

/// What became of a check.
enum Checked {
    Ready(Ready),
    Refused(Refusal),
}

impl Gallery {
    /// The jobs that it does.
    #[must_use]
    pub fn work(&self) -> [Work; 2] {
        let (checking, forgetting) = (self.clone(), self.clone());
        let check = Work::new(CHECK_MEDIA, move |job| {
            let media = checking.clone();
            async move { media.check_upload(&job).await }
        });
        let forget = Work::new(FORGET_MEDIA, move |job| {
            let media = forgetting.clone();
            async move { media.forget(&job).await }
        });
        [check, forget]
    }

    /// Asks for that something is forgotten if its upload never comes.
    pub(super) async fn forget_later(
        &self,
        transaction: &DatabaseTransaction,
        upload: &BlobKey,
    ) -> Result<Queued, StoreError> {
        let job = NewJob::new(&FORGET_MEDIA, &Arrived { blob: upload.to_string() });
        self.jobs.enqueue(transaction, job.at(clock::ms_from_now(FORGET_AFTER))).await
    }

    async fn forget(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let arrived: Arrived = job.payload()?;
        let Some(media) = self.store.of_upload(&arrived.blob).await? else { return Ok(JobOutcome::Finished) };
        let control = self.store.control();
        let transaction = control.begin().await?;
        self.store.delete(&transaction, media.id).await?;
        self.blobs.release(&transaction, &files(&media)).await?;
        control.commit(transaction).await?;
        Ok(JobOutcome::Finished)
    }

    async fn check_upload(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let arrived: Arrived = job.payload()?;
        let Some(key) = BlobKey::parse(&arrived.blob) else { return Ok(JobOutcome::Finished) };
        let waiting = self.store.of_upload(key.as_str()).await?;
        let Some(media) = waiting.filter(|media| media.state == MediaState::Pending) else {
            return Ok(JobOutcome::Finished);
        };
        let Some(upload) = self.blobs.find(&key).await? else { return Ok(JobOutcome::Finished) };
        let checked = match self.checked(&media, &upload).await {
            // It was released meanwhile.
            Err(BlobError::NotFound) => return Ok(JobOutcome::Finished),
            checked => checked?,
        };
        let control = self.store.control();
        let transaction = control.begin().await?;
        let found = match &checked {
            Checked::Ready(ready) => Ok(ready),
            Checked::Refused(refusal) => Err(*refusal),
        };
        let is_settled = self.store.settle(&transaction, (media.id, &key), found).await?;
        if let Checked::Ready(ready) = &checked {
            let made: Vec<BlobKey> = std::iter::once(&ready.file).chain(&ready.thumbnail).cloned().collect();
            if is_settled {
                self.blobs.adopt(&transaction, &made).await?;
            } else {
                self.blobs.release(&transaction, &made).await?;
            }
        }
        self.blobs.release(&transaction, &[key]).await?;
        control.commit(transaction).await?;
        Ok(JobOutcome::Finished)
    }

    /// Checks a file off the threads that serve requests, and stores what is to be shown.
    async fn checked(&self, media: &Media, upload: &Blob) -> Result<Checked, BlobError> {
        let (source, target) = (self.blobs.local_copy(upload).await?, self.blobs.scratch()?);
        let (announced, clip_ms) = (media.announced, self.settings.clip_ms);
        let small = self.blobs.scratch()?;
        let (cleaned, picture) = (target.path().to_owned(), small.path().to_owned());
        let work = tokio::task::spawn_blocking(move || {
            if Digest::of_file(source.path())?.0 != announced.digest {
                return Err(CheckError::Refused(Refusal::Broken));
            }
            let found = check::check(source.path(), &cleaned, announced.media_type, clip_ms)?;
            if let Some(thumbnail) = &found.thumbnail {
                std::fs::write(&picture, &thumbnail.bytes)?;
            }
            Ok(found)
        });
        let found = match work.await {
            Ok(Ok(found)) => found,
            Ok(Err(CheckError::Refused(refusal))) => return Ok(Checked::Refused(refusal)),
            Ok(Err(CheckError::Io(error))) => return Err(BlobError::away(&error)),
            // A decoder that panics has met something that it does not understand.
            Err(_) => return Ok(Checked::Refused(Refusal::Broken)),
        };
        self.store_found(media, &found, (&target, &small)).await.map(Checked::Ready)
    }

    async fn store_found(
        &self,
        media: &Media,
        found: &Found,
        (target, small): (&ScratchFile, &ScratchFile),
    ) -> Result<Ready, BlobError> {
        let file = self.put(media, media.announced.media_type, target.path().to_owned()).await?;
        let thumbnail = match &found.thumbnail {
            Some(_) => Some(self.put(media, MediaType::Jpeg, small.path().to_owned()).await?),
            None => None,
        };
        Ok(Ready {
            file,
            thumbnail,
            thumb_hash: found.thumbnail.as_ref().map(|thumbnail| STANDARD.encode(&thumbnail.hash)),
            size: (found.width, found.height),
            duration_ms: found.duration_ms,
        })
    }

    async fn put(&self, media: &Media, media_type: MediaType, file: PathBuf) -> Result<BlobKey, BlobError> {
        let new =
            NewBlob::of_file(Bucket::Media, Some(media.owner.as_str().to_owned()), media_type.name(), &file).await?;
        Ok(self.blobs.put(new, file).await?.key)
    }
}
