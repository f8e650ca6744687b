//! Blobs as files of a folder on this machine, or one that all instances have mounted.
//!
//! A file gets its name when it is complete, checked and on the disk. Until then it is in the folder `incoming`.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sha2::{Digest as _, Sha256};

use super::{
    Parts,
    model::{Blob, BlobError, BlobKey, Bucket, Digest},
};
use crate::platform::{files, token};

/// Where files are until they are complete.
const INCOMING: &str = "incoming";

/// Bytes that are read from a file at once.
const PART_BYTES: usize = 256 * 1024;

/// The folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Folder(Arc<PathBuf>);

/// The place of a blob below the folder: in one of 256 folders, so that none grows too large. The last digits of a key are random.
pub(super) fn place(bucket: Bucket, key: &BlobKey) -> String {
    let shard = key.as_str().get(30..).unwrap_or_default();
    format!("{}/{shard}/{key}", bucket.name())
}

/// A file that is being written. Unless it is kept it is removed.
#[derive(Debug)]
pub(super) struct Incoming {
    file: File,
    path: PathBuf,
    digest: Sha256,
    bytes: u64,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It has another name where it was kept.
        let _not_there = fs::remove_file(&self.path);
    }
}

impl Incoming {
    /// Writes parts, one after the other.
    pub fn write(mut self, parts: &[Bytes]) -> io::Result<Self> {
        for part in parts {
            self.file.write_all(part)?;
            self.digest.update(part);
            self.bytes += u64::try_from(part.len()).unwrap_or(u64::MAX);
        }
        Ok(self)
    }

    /// How much was written, and its digest; and everything is on the disk.
    pub fn finish(self) -> io::Result<(Self, u64, Digest)> {
        self.file.sync_all()?;
        let (digest, bytes) = (Digest(self.digest.clone().finalize().into()), self.bytes);
        Ok((self, bytes, digest))
    }

    /// Where it is until it has its name.
    pub fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Gives it its name.
    fn keep(self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        files::create_folder(folder)?;
        fs::rename(&self.path, path)?;
        // So that the name is on the disk too.
        File::open(folder)?.sync_all()
    }
}

/// Works on files on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, BlobError> {
    match files::blocking(work).await {
        Ok(done) => Ok(done),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(BlobError::NotFound),
        Err(error) => Err(BlobError::away(&error)),
    }
}

impl Folder {
    /// The folder at that path, which is made when the first file comes.
    pub fn at(path: &Path) -> Self {
        Self(Arc::new(path.to_owned()))
    }

    pub fn path(&self, bucket: Bucket, key: &BlobKey) -> PathBuf {
        self.0.join(place(bucket, key))
    }

    /// Begins a file.
    pub fn begin(&self, key: &BlobKey) -> io::Result<Incoming> {
        let random = token::draw::<8>().map_err(io::Error::other)?;
        let folder = self.0.join(INCOMING);
        files::create_folder(&folder)?;
        let path = folder.join(format!("{key}.{}", random.expose()));
        Ok(Incoming { file: files::create_new(&path)?, path, digest: Sha256::new(), bytes: 0 })
    }

    /// Gives a file that was checked its name.
    pub async fn keep(&self, blob: &Blob, incoming: Incoming) -> Result<(), BlobError> {
        let path = self.path(blob.bucket, &blob.key);
        blocking(move || incoming.keep(&path)).await
    }

    /// Stores a copy of a file.
    pub async fn put(&self, blob: &Blob, source: PathBuf) -> Result<(), BlobError> {
        let (folder, key) = (self.clone(), blob.key.clone());
        let incoming = blocking(move || {
            let mut incoming = folder.begin(&key)?;
            io::copy(&mut File::open(source)?, &mut incoming.file)?;
            incoming.file.sync_all()?;
            Ok(incoming)
        });
        self.keep(blob, incoming.await?).await
    }

    pub async fn head(&self, bucket: Bucket, key: &BlobKey) -> Result<Option<u64>, BlobError> {
        let path = self.path(bucket, key);
        match blocking(move || Ok(fs::metadata(path)?.len())).await {
            Err(BlobError::NotFound) => Ok(None),
            length => length.map(Some),
        }
    }

    /// So many bytes of a blob from one place on.
    pub async fn read(&self, blob: &Blob, from: u64, bytes: u64) -> Result<Parts, BlobError> {
        let path = self.path(blob.bucket, &blob.key);
        let file = blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(from))?;
            Ok(file)
        });
        let parts = stream::try_unfold((file.await?, bytes), |(mut file, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let (file, part) = blocking(move || {
                let most = usize::try_from(left).unwrap_or(PART_BYTES).min(PART_BYTES);
                let mut part = vec![0; most];
                file.read_exact(&mut part)?;
                Ok((file, part))
            })
            .await?;
            let left = left.saturating_sub(u64::try_from(part.len()).unwrap_or(left));
            Ok(Some((Bytes::from(part), (file, left))))
        });
        Ok(parts.boxed())
    }

    /// Removes a blob, if it is there.
    pub async fn delete(&self, bucket: Bucket, key: &BlobKey) -> Result<(), BlobError> {
        let path = self.path(bucket, key);
        match blocking(move || fs::remove_file(path)).await {
            Err(BlobError::NotFound) => Ok(()),
            removed => removed,
        }
    }

    /// The keys in one of the 256 parts of a bucket.
    pub async fn keys(&self, bucket: Bucket, shard: u8) -> Result<Vec<BlobKey>, BlobError> {
        let folder = self.0.join(bucket.name()).join(format!("{shard:02x}"));
        let names = blocking(move || names(&folder)).await;
        match names {
            Err(BlobError::NotFound) => Ok(Vec::new()),
            names => Ok(names?.iter().filter_map(|name| BlobKey::parse(name)).collect()),
        }
    }

    /// Removes what uploads left that were cut by the end of the program, of keys that are older than that.
    pub async fn remove_unfinished(&self, before_ms: i64) -> Result<usize, BlobError> {
        let folder = self.0.join(INCOMING);
        let removed = blocking(move || {
            let mut removed = 0;
            for name in names(&folder)? {
                let key = name.split('.').next().and_then(BlobKey::parse);
                if key.is_none_or(|key| key.created_ms() < before_ms) {
                    match fs::remove_file(folder.join(name)) {
                        // Somebody else was faster.
                        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                        other => removed += usize::from(other.is_ok()),
                    }
                }
            }
            Ok(removed)
        });
        match removed.await {
            Err(BlobError::NotFound) => Ok(0),
            removed => removed,
        }
    }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
