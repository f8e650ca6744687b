//! An upload as it arrives: its parts go to the disk and through the digest on a thread of their own, while the next ones come. About
//! half a megabyte of it is in memory at most.
//!
//! What was announced comes with its digest, and is kept if it has that. What was not ([`Blobs::begin_intake`](super::Blobs)) is
//! given its digest at the end.

use std::{io, path::PathBuf};

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::{
    folder::{Folder, Incoming},
    model::{Blob, BlobError, BlobKey, Bucket, Digest},
};

/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// The parts of something that is arriving. Dropped before its end it leaves nothing behind.
#[derive(Debug)]
struct Writing {
    /// What writes; between two writes too.
    task: JoinHandle<io::Result<Incoming>>,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    received: u64,
}

/// What takes the parts of a body as they come.
pub trait Receive: Sized + Send {
    /// Takes the next part.
    ///
    /// # Errors
    /// [`BlobError::Cut`] or [`BlobError::TooLarge`], where there is more than may come; [`BlobError::Away`], where it can't be written.
    fn push(self, part: Bytes) -> impl Future<Output = Result<Self, BlobError>> + Send;
}

/// An upload that is arriving.
#[derive(Debug)]
pub struct Receiving {
    folder: Folder,
    blob: Blob,
    parts: Writing,
}

/// An upload that is what was announced.
#[derive(Debug)]
pub(super) struct Checked {
    folder: Folder,
    blob: Blob,
    incoming: Incoming,
}

/// Something that is arriving, of which nobody has said what it will be.
#[derive(Debug)]
pub struct Intake {
    bucket: Bucket,
    key: BlobKey,
    folder: Folder,
    most: u64,
    parts: Writing,
}

/// Something that has arrived, and lies in no place yet. Dropped it leaves nothing behind.
#[derive(Debug)]
pub struct Arrival {
    /// What it is.
    pub blob: Blob,
    folder: Folder,
    incoming: Incoming,
}

impl Arrival {
    /// Gives it its name in the folder that it was received in.
    pub(super) async fn keep(self) -> Result<(), BlobError> {
        self.folder.keep(&self.blob, self.incoming).await
    }

    /// Where it is until then.
    pub(super) fn path(&self) -> PathBuf {
        self.incoming.path()
    }
}

impl Checked {
    /// Gives it its name.
    pub async fn keep(self) -> Result<(), BlobError> {
        self.folder.keep(&self.blob, self.incoming).await
    }
}

async fn written(writing: JoinHandle<io::Result<Incoming>>) -> Result<Incoming, BlobError> {
    match writing.await {
        Ok(incoming) => incoming.map_err(|error| BlobError::away(&error)),
        Err(error) => Err(BlobError::away(&error)),
    }
}

impl Writing {
    fn begin(folder: &Folder, key: &BlobKey) -> Self {
        let (beginning, key) = (folder.clone(), key.clone());
        let task = tokio::task::spawn_blocking(move || beginning.begin(&key));
        Self { task, waiting: Vec::new(), waiting_bytes: 0, received: 0 }
    }

    async fn push(mut self, part: Bytes) -> Result<Self, BlobError> {
        self.received = self.received.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        self.waiting_bytes += part.len();
        self.waiting.push(part);
        if self.waiting_bytes >= WRITTEN_AT_ONCE { self.write().await } else { Ok(self) }
    }

    async fn write(mut self) -> Result<Self, BlobError> {
        let (parts, incoming) = (std::mem::take(&mut self.waiting), written(self.task).await?);
        let task = tokio::task::spawn_blocking(move || incoming.write(&parts));
        Ok(Self { task, waiting_bytes: 0, waiting: Vec::new(), ..self })
    }

    /// All of it, on the disk.
    async fn finish(self) -> Result<(Incoming, u64, Digest), BlobError> {
        let incoming = written(self.write().await?.task).await?;
        let finished = tokio::task::spawn_blocking(move || incoming.finish()).await;
        finished.map_err(|error| BlobError::away(&error))?.map_err(|error| BlobError::away(&error))
    }
}

impl Receiving {
    pub(super) fn begin(folder: Folder, blob: Blob) -> Self {
        let parts = Writing::begin(&folder, &blob.key);
        Self { folder, blob, parts }
    }

    /// The upload, if it is what was announced.
    pub(super) async fn check(self) -> Result<(Blob, Checked), BlobError> {
        let Self { folder, blob, parts } = self;
        let (incoming, bytes, digest) = parts.finish().await?;
        if bytes != blob.bytes {
            return Err(BlobError::Cut);
        }
        if digest != blob.digest {
            return Err(BlobError::DigestWrong);
        }
        Ok((blob.clone(), Checked { folder, blob, incoming }))
    }
}

impl Receive for Receiving {
    async fn push(self, part: Bytes) -> Result<Self, BlobError> {
        let parts = self.parts.push(part).await?;
        if parts.received > self.blob.bytes { Err(BlobError::Cut) } else { Ok(Self { parts, ..self }) }
    }
}

impl Intake {
    pub(super) fn begin(folder: Folder, bucket: Bucket, most: u64) -> Result<Self, BlobError> {
        let key = BlobKey::draw()?;
        let parts = Writing::begin(&folder, &key);
        Ok(Self { bucket, key, folder, most, parts })
    }

    /// What has arrived, once the body is at its end. `bytes`: how many were announced, if that was said.
    ///
    /// # Errors
    /// [`BlobError::Cut`], [`BlobError::Away`].
    pub async fn finish(self, media_type: &str, bytes: Option<u64>) -> Result<Arrival, BlobError> {
        let Self { bucket, key, folder, parts, .. } = self;
        let (incoming, received, digest) = parts.finish().await?;
        if bytes.is_some_and(|bytes| bytes != received) {
            return Err(BlobError::Cut);
        }
        let blob = Blob { key, bucket, media_type: media_type.to_owned(), bytes: received, digest };
        Ok(Arrival { blob, folder, incoming })
    }
}

impl Receive for Intake {
    async fn push(self, part: Bytes) -> Result<Self, BlobError> {
        let parts = self.parts.push(part).await?;
        if parts.received > self.most { Err(BlobError::TooLarge(self.most)) } else { Ok(Self { parts, ..self }) }
    }
}
