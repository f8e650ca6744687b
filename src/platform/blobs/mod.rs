//! Blobs: files of any size that people upload or the program makes, beside the database.
//!
//! - They lie in a folder, or in a bucket of an S3-compatible store, as `BLOBS_URL` says. Both take uploads by the same signed contract:
//!   a PUT whose URL was signed for one key, type, length and SHA-256 digest, that replaces nothing, and that expires. So the bytes
//!   go past whoever asked for the upload, and to S3 past this program.
//! - **A row for each** (`store`), written before its bytes, or with what refers to it: what has no row is an orphan, and is removed a day
//!   later (`sweep`).
//! - **Five buckets**, each with a lifetime ([`Bucket`]).
//! - **Quotas** by owner and for the installation count what is expected, too. The rows say how much that is: no file is looked at.
//! - A folder on one machine is of no use to several: where the database is PostgreSQL it must be said (`blobs_shared`) that all
//!   instances see the same folder. Until then what needs blobs answers `blobs_not_shared`.
//! - Signatures are never logged.

mod arrival;
mod config;
mod copying;
mod folder;
mod intake;
mod links;
mod metrics;
mod model;
mod object_store;
mod receiving;
mod s3;
mod signing;
mod store;
mod sweep;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::stream::BoxStream;

use self::{
    arrival::{AWAIT_UPLOAD, LOOK},
    object_store::Bytestore,
    signing::UrlSigner,
    store::{Expectation, Store},
};
pub use self::{
    config::{BlobsConfig, Settings, Target, UploadLimits},
    copying::{BlobCopies, BlobPlace, CopiedBlobs, ListedBlob},
    metrics::BlobMetrics,
    model::{Blob, BlobError, BlobKey, Bucket, Digest, NewBlob, SignedRequest},
    receiving::{Arrival, Intake, Receive, Receiving},
    s3::S3Url,
    signing::{Signed, UploadTerms},
};
use super::{
    clock,
    db::{Control, Database, DatabaseTransaction},
    jobs::{JobKind, Jobs, NewJob, Queued, Work},
    outbound::Outbound,
    sealing::Sealer,
    tasks::Tasks,
    token,
};

/// What follows the arrival of an upload in a bucket: a job of this kind, whose payload is [`Arrived`].
pub type FollowUps = &'static [(Bucket, JobKind)];

/// The payload of the job that follows the arrival of an upload.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Arrived {
    /// The key of the blob.
    pub blob: String,
}

/// The parts of a blob, as they are read.
pub type Parts = BoxStream<'static, Result<Bytes, BlobError>>;

/// How long an upload that has begun in time may take after its URL has expired.
const UPLOAD_GRACE: Duration = Duration::from_hours(1);

/// Blobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    jobs: Jobs,
    bytes: Bytestore,
    signer: UrlSigner,
    settings: Settings,
    follow_ups: FollowUps,
    metrics: BlobMetrics,
}

/// An upload that was asked for in a transaction.
#[derive(Debug)]
#[must_use = "it is signed after the commit"]
pub struct ExpectedUpload {
    expectation: Expectation,
    waiting: Option<Queued>,
}

impl ExpectedUpload {
    /// The key that the blob will have.
    #[must_use]
    pub fn key(&self) -> &BlobKey {
        &self.expectation.blob.key
    }
}

impl Blobs {
    /// Opens the blobs of an installation; `follow_ups` says what is to be done when uploads have arrived.
    ///
    /// # Errors
    /// [`BlobError::Url`].
    pub fn open(
        database: &Database,
        (jobs, sealer, outbound): (&Jobs, &Sealer, &Outbound),
        settings: Settings,
        follow_ups: FollowUps,
        (tasks, metrics): (&Tasks, &BlobMetrics),
    ) -> Result<Self, BlobError> {
        let bytes = Bytestore::open(&settings.target, outbound)?;
        if !settings.is_usable {
            tracing::warn!(
                "uploads are off: several instances need blobs that all of them reach; set BLOBS_URL to an S3 bucket, or \
                 blobs_shared where the folder is shared (docs/operations.md, Files)"
            );
        }
        let blobs = Self(Arc::new(Inner {
            store: Store::new(database.control().clone()),
            jobs: jobs.clone(),
            bytes,
            signer: UrlSigner::new(sealer, &settings.public_url),
            settings,
            follow_ups,
            metrics: metrics.clone(),
        }));
        tasks.spawn_until_stop("count blobs", blobs.clone().count_each_minute());
        Ok(blobs)
    }

    /// The jobs that it does.
    #[must_use]
    pub fn work(&self) -> Vec<Work> {
        let waiter = self.clone();
        let mut work = self.sweeping();
        work.push(Work::new(AWAIT_UPLOAD, move |job| {
            let blobs = waiter.clone();
            async move { blobs.await_upload(&job).await }
        }));
        work
    }

    /// Whether blobs can be used here.
    ///
    /// # Errors
    /// [`BlobError::NotShared`].
    pub fn check(&self) -> Result<(), BlobError> {
        if self.0.settings.is_usable { Ok(()) } else { Err(BlobError::NotShared) }
    }

    /// The bounds of uploads that come to this program.
    #[must_use]
    pub fn upload_limits(&self) -> UploadLimits {
        self.0.settings.uploads.clone()
    }

    /// The internal path under which nginx has the folder, if it sends the files.
    #[must_use]
    pub fn accelerated(&self, blob: &Blob) -> Option<String> {
        let prefix = &self.0.settings.accel_prefix;
        (!prefix.is_empty())
            .then(|| format!("{}/{}", prefix.trim_end_matches('/'), folder::place(blob.bucket, &blob.key)))
    }

    /// The address at which uploads and downloads come to this program, where they do.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.0.bytes, Bytestore::Folder(_))
    }

    /// The origin of uploads and downloads that go past this program.
    #[must_use]
    pub fn other_origin(&self) -> Option<String> {
        match &self.0.bytes {
            Bytestore::Folder(_) => None,
            Bytestore::S3(s3) => Some(s3.origin()),
        }
    }

    /// Expects an upload, in the caller's transaction on the control tables.
    ///
    /// # Errors
    /// [`BlobError::NotShared`], a quota, or [`BlobError::Store`].
    pub async fn expect(&self, transaction: &DatabaseTransaction, new: NewBlob) -> Result<ExpectedUpload, BlobError> {
        self.check()?;
        self.0.signer.check()?;
        let expires_ms = clock::ms_from_now(self.0.settings.upload_lifetime);
        let expectation = self.insert(transaction, new, expires_ms).await?;
        let waiting = if self.is_local() {
            None
        } else {
            let payload = Arrived { blob: expectation.blob.key.to_string() };
            let job = NewJob::new(&AWAIT_UPLOAD, &payload).at(clock::ms_from_now(LOOK.0));
            Some(self.0.jobs.enqueue(transaction, job).await?)
        };
        Ok(ExpectedUpload { expectation, waiting })
    }

    /// Signs an upload that was committed.
    ///
    /// # Errors
    /// [`BlobError::KeyMissing`].
    pub async fn sign_upload(&self, expected: ExpectedUpload) -> Result<SignedRequest, BlobError> {
        if let Some(waiting) = expected.waiting {
            waiting.wake().await;
        }
        self.0.bytes.sign_put(&self.0.signer, &expected.expectation, self.0.settings.upload_lifetime)
    }

    /// The upload that a request to this program is about, if its signature is right and it was not made before.
    ///
    /// # Errors
    /// [`BlobError::SignatureWrong`], [`BlobError::Expired`], [`BlobError::NotFound`], [`BlobError::Done`], or another.
    pub async fn begin_upload(&self, terms: &UploadTerms) -> Result<Receiving, BlobError> {
        self.check()?;
        let Bytestore::Folder(folder) = &self.0.bytes else { return Err(BlobError::NotFound) };
        self.0.signer.verify_put(terms, clock::now_ms())?;
        let found = self.0.store.find(&terms.key).await?.ok_or(BlobError::NotFound)?;
        if found.nonce.as_deref() != Some(&terms.nonce) {
            return Err(BlobError::Done);
        }
        Ok(Receiving::begin(folder.clone(), found.blob))
    }

    /// Keeps what an upload brought, if it is what was signed: from here on it can't be made again.
    ///
    /// # Errors
    /// [`BlobError::Cut`], [`BlobError::DigestWrong`], [`BlobError::Done`], or another.
    pub async fn finish_upload(&self, received: Receiving, nonce: &str) -> Result<(), BlobError> {
        let (blob, file) = received.check().await?;
        let queued = self.arrived(&blob, Some(nonce), async { file.keep().await }).await?;
        if let Some(queued) = queued {
            queued.wake().await;
        }
        self.0.metrics.stored("uploaded");
        Ok(())
    }

    /// The bytes of a blob from one place on: so many, or all that follow.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], [`BlobError::Away`].
    pub async fn read(&self, blob: &Blob, from: u64, bytes: Option<u64>) -> Result<Parts, BlobError> {
        self.0.bytes.read(blob, from, bytes.unwrap_or(blob.bytes.saturating_sub(from))).await
    }

    /// How many bytes there are under the key of a blob; `None` where there is nothing.
    ///
    /// # Errors
    /// [`BlobError::Away`].
    pub async fn head(&self, blob: &Blob) -> Result<Option<u64>, BlobError> {
        self.0.bytes.head(blob.bucket, &blob.key).await
    }

    /// The blob of that key, once it is there.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn find(&self, key: &BlobKey) -> Result<Option<Blob>, BlobError> {
        Ok(self.0.store.find(key).await?.filter(|found| found.nonce.is_none()).map(|found| found.blob))
    }

    /// Stores a file that the program has made. It is removed after an hour, unless it is adopted ([`Blobs::adopt`]).
    ///
    /// # Errors
    /// A quota, [`BlobError::Away`], or [`BlobError::Store`].
    pub async fn put(&self, new: NewBlob, file: PathBuf) -> Result<Blob, BlobError> {
        self.check()?;
        let control = self.control();
        let transaction = control.begin().await?;
        let Expectation { blob, .. } = self.insert(&transaction, new, clock::ms_from_now(UPLOAD_GRACE)).await?;
        control.commit(transaction).await?;
        self.0.bytes.put(&blob, file).await?;
        let transaction = control.begin().await?;
        let ends_ms = Some(clock::ms_from_now(UPLOAD_GRACE));
        if !self.0.store.burn(&transaction, &blob, None, ends_ms).await? {
            return Err(BlobError::NotFound);
        }
        control.commit(transaction).await?;
        self.0.metrics.stored("made");
        Ok(blob)
    }

    /// Keeps blobs that were [put](Blobs::put) for as long as their bucket says, in the transaction of what refers to them.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn adopt(&self, transaction: &DatabaseTransaction, keys: &[BlobKey]) -> Result<(), BlobError> {
        for key in keys {
            self.0.store.adopt(transaction, key).await?;
        }
        Ok(())
    }

    /// A name for a file to work on, which goes with what is returned.
    ///
    /// # Errors
    /// [`BlobError::Away`].
    pub fn scratch(&self) -> Result<ScratchFile, BlobError> {
        ScratchFile::new(&self.0.settings.scratch)
    }

    /// Gives blobs up, in the caller's transaction: their bytes are removed soon.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn release(&self, transaction: &DatabaseTransaction, keys: &[BlobKey]) -> Result<(), BlobError> {
        for key in keys {
            self.0.store.release(transaction, key, clock::now_ms()).await?;
        }
        Ok(())
    }

    /// The path of a blob on this machine, for what needs a file: that of the folder, or of a copy that goes with what is returned.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], [`BlobError::Away`].
    pub async fn local_copy(&self, blob: &Blob) -> Result<LocalFile, BlobError> {
        object_store::local_copy(&self.0.bytes, &self.0.settings.scratch, blob).await
    }

    fn control(&self) -> &Control {
        self.0.store.control()
    }

    async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        new: NewBlob,
        expires_ms: i64,
    ) -> Result<Expectation, BlobError> {
        let due_ms = expires_ms.saturating_add(clock::ms(UPLOAD_GRACE));
        let nonce = token::draw::<16>()?.expose().to_owned();
        let NewBlob { bucket, owner, media_type, bytes, digest } = new;
        let blob = Blob { key: BlobKey::draw()?, bucket, media_type, bytes, digest };
        let expectation = Expectation { blob, nonce, expires_ms };
        self.0.store.insert(transaction, &expectation, owner.as_deref(), due_ms, self.0.settings.quotas).await?;
        Ok(expectation)
    }

    async fn count_each_minute(self) {
        loop {
            match self.0.store.usage().await {
                Ok(usage) => usage.iter().for_each(|used| self.0.metrics.set(used.bucket, used.blobs, used.bytes)),
                Err(error) => tracing::warn!(%error, "counting blobs failed"),
            }
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
    }
}

pub use self::object_store::{LocalFile, ScratchFile};
