//! Copies of all blobs: out to a folder, with a list of them, and in again.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    Blobs,
    config::Target,
    folder::Folder,
    model::{Blob, BlobError, BlobKey, Bucket, Digest},
    object_store::{Bytestore, local_copy},
};
use crate::platform::{files, outbound::Outbound};

/// Rows that are read at once.
const AT_ONCE: u64 = 500;

/// A blob in a list of copies.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct ListedBlob {
    key: String,
    bucket: String,
    #[serde(rename = "type")]
    media_type: String,
    bytes: u64,
    sha256: String,
}

/// What became of copies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopiedBlobs {
    /// Those that were copied.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those whose bytes are not what was uploaded: they were not copied.
    pub damaged: u64,
}

/// Copies of blobs in a folder.
#[derive(Clone, Debug)]
pub struct BlobCopies(Folder);

impl From<&Blob> for ListedBlob {
    fn from(blob: &Blob) -> Self {
        Self {
            key: blob.key.to_string(),
            bucket: blob.bucket.name().to_owned(),
            media_type: blob.media_type.clone(),
            bytes: blob.bytes,
            sha256: blob.digest.to_hex(),
        }
    }
}

impl ListedBlob {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its length.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The blob; `None` where the list was not made by this program.
    fn blob(&self) -> Option<Blob> {
        Some(Blob {
            key: BlobKey::parse(&self.key)?,
            bucket: Bucket::named(&self.bucket)?,
            media_type: self.media_type.clone(),
            bytes: self.bytes,
            digest: Digest::of_hex(&self.sha256)?,
        })
    }
}

/// Whether a file has the bytes of a blob.
async fn is_whole(path: PathBuf, blob: &Blob) -> Result<bool, BlobError> {
    let found = files::blocking(move || Digest::of_file(&path)).await.map_err(|error| BlobError::away(&error))?;
    Ok(found == (blob.digest, blob.bytes))
}

impl Blobs {
    /// Copies all blobs whose bytes are there into a folder; `list` is told of each that was copied. What is given up meanwhile is passed
    /// over.
    ///
    /// # Errors
    /// [`BlobError`], or what `list` fails with.
    pub async fn copy_to<E: From<BlobError>>(
        &self,
        folder: &Path,
        mut list: impl FnMut(ListedBlob) -> Result<(), E>,
    ) -> Result<CopiedBlobs, E> {
        let target = Folder::at(folder);
        let (mut copied, mut after) = (CopiedBlobs::default(), String::new());
        loop {
            let rows = self.0.store.stored_after(&after, AT_ONCE).await.map_err(BlobError::from)?;
            let Some(newest) = rows.last() else { return Ok(copied) };
            after = newest.key.to_string();
            for blob in rows {
                let local = match local_copy(&self.0.bytes, &self.0.settings.scratch, &blob).await {
                    Err(BlobError::NotFound) => continue,
                    local => local?,
                };
                target.put(&blob, local.path().to_owned()).await?;
                if !is_whole(target.path(blob.bucket, &blob.key), &blob).await? {
                    tracing::warn!(key = %blob.key, "the bytes of a file are not what was uploaded: it is not in the backup");
                    target.delete(blob.bucket, &blob.key).await?;
                    copied.damaged += 1;
                    continue;
                }
                copied.blobs += 1;
                copied.bytes += blob.bytes;
                list(ListedBlob::from(&blob))?;
            }
        }
    }
}

impl BlobCopies {
    /// The copies in that folder.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(Folder::at(folder))
    }

    /// Whether the copy of a blob is there, with its bytes.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn has(&self, listed: &ListedBlob) -> Result<bool, BlobError> {
        let Some(blob) = listed.blob() else { return Ok(false) };
        match self.0.head(blob.bucket, &blob.key).await? {
            Some(_) => is_whole(self.0.path(blob.bucket, &blob.key), &blob).await,
            None => Ok(false),
        }
    }

    /// Puts a copy in place again.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn put_back(&self, listed: &ListedBlob, place: &BlobPlace) -> Result<(), BlobError> {
        let blob = listed.blob().ok_or(BlobError::NotFound)?;
        place.0.put(&blob, self.0.path(blob.bucket, &blob.key)).await
    }
}

/// Where the blobs of an installation lie, without their rows. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BlobPlace(Bytestore);

impl BlobPlace {
    /// That place.
    ///
    /// # Errors
    /// [`BlobError::Url`].
    pub fn open(target: &Target, outbound: &Outbound) -> Result<Self, BlobError> {
        Ok(Self(Bytestore::open(target, outbound)?))
    }
}
