//! Where the bytes lie: the operations that a folder and S3 have in common.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::StreamExt;

use super::{
    Parts,
    config::Target,
    folder::Folder,
    model::{Blob, BlobError, BlobKey, Bucket, SignedRequest},
    s3::S3,
    signing::UrlSigner,
    store::Expectation,
};
use crate::platform::{files, outbound::Outbound, token};

/// A folder, or a bucket at S3. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Bytestore {
    Folder(Folder),
    S3(S3),
}

impl Bytestore {
    pub fn open(target: &Target, outbound: &Outbound) -> Result<Self, BlobError> {
        Ok(match target {
            Target::Folder(path) => Self::Folder(Folder::at(path)),
            Target::S3(url) => Self::S3(S3::new(url, outbound)?),
        })
    }

    pub fn sign_put(
        &self,
        signer: &UrlSigner,
        expectation: &Expectation,
        lifetime: Duration,
    ) -> Result<SignedRequest, BlobError> {
        match self {
            Self::Folder(_) => signer.sign_put(expectation),
            Self::S3(s3) => Ok(s3.sign_put(&expectation.blob, expectation.expires_ms, lifetime)),
        }
    }

    /// A link that is valid from `begun_ms` to `expires_ms`, and always the same between these two.
    pub fn sign_get(
        &self,
        signer: &UrlSigner,
        (bucket, key, media_type): (Bucket, &BlobKey, &str),
        (begun_ms, expires_ms): (i64, i64),
    ) -> Result<String, BlobError> {
        match self {
            Self::Folder(_) => signer.sign_get(bucket, key, expires_ms),
            Self::S3(s3) => Ok(s3.sign_get((bucket, key, media_type), begun_ms, expires_ms)),
        }
    }

    pub async fn put(&self, blob: &Blob, file: PathBuf) -> Result<(), BlobError> {
        match self {
            Self::Folder(folder) => folder.put(blob, file).await,
            Self::S3(s3) => s3.put(blob, file).await,
        }
    }

    pub async fn head(&self, bucket: Bucket, key: &BlobKey) -> Result<Option<u64>, BlobError> {
        match self {
            Self::Folder(folder) => folder.head(bucket, key).await,
            Self::S3(s3) => s3.head(bucket, key).await,
        }
    }

    pub async fn read(&self, blob: &Blob, from: u64, bytes: u64) -> Result<Parts, BlobError> {
        match self {
            Self::Folder(folder) => folder.read(blob, from, bytes).await,
            Self::S3(s3) => s3.read(blob, from, bytes).await,
        }
    }

    pub async fn delete(&self, bucket: Bucket, key: &BlobKey) -> Result<(), BlobError> {
        match self {
            Self::Folder(folder) => folder.delete(bucket, key).await,
            Self::S3(s3) => s3.delete(bucket, key).await,
        }
    }
}

/// A blob as a file of this machine.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
    is_copy: bool,
}

impl LocalFile {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LocalFile {
    fn drop(&mut self) {
        if self.is_copy {
            let _not_there = fs::remove_file(&self.path);
        }
    }
}

/// A file that is worked on.
#[derive(Debug)]
pub struct ScratchFile(LocalFile);

impl ScratchFile {
    pub(super) fn new(scratch: &Path) -> Result<Self, BlobError> {
        files::create_folder(scratch).map_err(|error| BlobError::away(&error))?;
        Ok(Self(LocalFile { path: scratch.join(token::draw::<16>()?.expose()), is_copy: true }))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

pub(super) async fn local_copy(bytes: &Bytestore, scratch: &Path, blob: &Blob) -> Result<LocalFile, BlobError> {
    if let Bytestore::Folder(folder) = bytes {
        if folder.head(blob.bucket, &blob.key).await?.is_none() {
            return Err(BlobError::NotFound);
        }
        return Ok(LocalFile { path: folder.path(blob.bucket, &blob.key), is_copy: false });
    }
    let failed = |error: std::io::Error| BlobError::away(&error);
    files::create_folder(scratch).map_err(failed)?;
    let path = scratch.join(format!("{}.{}", blob.key, token::draw::<8>()?.expose()));
    let mut file: File = files::create_new(&path).map_err(failed)?;
    let copy = LocalFile { path, is_copy: true };
    let mut parts = bytes.read(blob, 0, blob.bytes).await?;
    while let Some(part) = parts.next().await {
        let part = part?;
        let written = tokio::task::spawn_blocking(move || file.write_all(&part).map(|()| file)).await;
        file = written.map_err(|error| BlobError::away(&error))?.map_err(failed)?;
    }
    Ok(copy)
}
