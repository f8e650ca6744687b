//! An upload as it arrives: its parts go to the disk and through the digest on a thread of their own, while the next ones come. About
//! half a megabyte of it is in memory at most.

use std::io;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::{
    folder::{Folder, Incoming},
    model::{Blob, BlobError},
};

/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// An upload that is arriving. Dropped before its end it leaves nothing behind.
#[derive(Debug)]
pub struct Receiving {
    folder: Folder,
    blob: Blob,
    /// What writes; between two writes too.
    writing: JoinHandle<io::Result<Incoming>>,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    received: u64,
}

/// An upload that is what was announced.
#[derive(Debug)]
pub(super) struct Checked {
    folder: Folder,
    blob: Blob,
    incoming: Incoming,
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

impl Receiving {
    pub(super) fn begin(folder: Folder, blob: Blob) -> Self {
        let (beginning, key) = (folder.clone(), blob.key.clone());
        let writing = tokio::task::spawn_blocking(move || beginning.begin(&key));
        Self { folder, blob, writing, waiting: Vec::new(), waiting_bytes: 0, received: 0 }
    }

    /// Takes the next part.
    ///
    /// # Errors
    /// [`BlobError::Cut`], where there is more than was announced; [`BlobError::Away`], where it can't be written.
    pub async fn push(mut self, part: Bytes) -> Result<Self, BlobError> {
        self.received = self.received.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if self.received > self.blob.bytes {
            return Err(BlobError::Cut);
        }
        self.waiting_bytes += part.len();
        self.waiting.push(part);
        if self.waiting_bytes >= WRITTEN_AT_ONCE { self.write().await } else { Ok(self) }
    }

    async fn write(mut self) -> Result<Self, BlobError> {
        let (parts, incoming) = (std::mem::take(&mut self.waiting), written(self.writing).await?);
        let writing = tokio::task::spawn_blocking(move || incoming.write(&parts));
        Ok(Self { writing, waiting_bytes: 0, waiting: Vec::new(), ..self })
    }

    /// The upload, if it is what was announced.
    pub(super) async fn check(self) -> Result<(Blob, Checked), BlobError> {
        let Self { folder, blob, writing, .. } = self.write().await?;
        let incoming = written(writing).await?;
        let finished = tokio::task::spawn_blocking(move || incoming.finish()).await;
        let finished = finished.map_err(|error| BlobError::away(&error))?;
        let (incoming, bytes, digest) = finished.map_err(|error| BlobError::away(&error))?;
        if bytes != blob.bytes {
            return Err(BlobError::Cut);
        }
        if digest != blob.digest {
            return Err(BlobError::DigestWrong);
        }
        Ok((blob.clone(), Checked { folder, blob, incoming }))
    }
}
