//! Backups: all tables and blobs of an installation in a folder, made beside a running server, and put in place again.
//!
//! - **A backup is complete when it has its manifest**, which is written last: a list of all files with their lengths and digests.
//! - First the tables are copied, then the blobs. What was uploaded between is in the backup too, and does no harm; what was deleted
//!   between lacks its bytes.
//! - **The secret key is in no backup.** The manifest has its check value, so that another is noticed before anything is restored.
//! - A restore reads the whole backup first, and only then writes: blobs, then tables.

mod manifest;
mod scheduled;

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use self::manifest::Manifest;
pub use self::{
    manifest::{ManifestFault, StoredFile},
    scheduled::{BackupConfig, Backups, Schedule},
};
use super::{
    blobs::{BlobCopies, BlobError, BlobPlace, Blobs, CopiedBlobs, Digest, ListedBlob},
    clock,
    db::{CopyError, Database, Limits, Target},
    error::StoreError,
    files,
};

/// The folder of the tables in a backup.
const TABLES: &str = "database";

/// The folder of the blobs in a backup.
const BLOBS: &str = "blobs";

/// The list of the blobs: a line of JSON for each.
const BLOB_LIST: &str = "blobs.ndjson";

/// Why a backup was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder of the backup.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// There is something in the folder already.
    #[error("{0} is not empty: name a folder that is, or that does not exist")]
    NotEmpty(PathBuf),
    /// The manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestFault),
    /// A file of the backup is not as the manifest says.
    #[error("{0} is missing or damaged: nothing was restored")]
    Damaged(PathBuf),
    /// The backup is of another database.
    #[error("the backup is of {of}, and the settings name {here}: nothing was restored")]
    OtherDatabase {
        /// Which.
        of: String,
        /// That of the settings.
        here: &'static str,
    },
    /// Where it is to be restored there is something already.
    #[error("there are tables in the database already: nothing was restored; a backup is restored where none are")]
    InUse,
    /// The tables.
    #[error(transparent)]
    Tables(#[from] CopyError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The blobs.
    #[error("files: {0}")]
    Blobs(#[from] BlobError),
}

/// What a backup has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Bytes of the tables, as they are stored in the backup.
    pub table_bytes: u64,
    /// The blobs.
    pub blobs: CopiedBlobs,
    /// The check value of the secret key that it needs; empty: none.
    pub secret_key_check: String,
    /// When it was made.
    pub made_at: String,
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |cause| BackupError::File { path, cause }
}

/// Does something with a path on a thread that may block.
async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, BackupError> {
    let (on, path) = (path.clone(), path);
    files::blocking(move || work(&on)).await.map_err(failed(&path))
}

/// Makes a backup in a folder, which is empty or does not exist.
///
/// # Errors
/// [`BackupError`].
pub async fn back_up(database: &Database, blobs: &Blobs, folder: &Path) -> Result<Contents, BackupError> {
    let (made_at, tables) = (clock::format(clock::now_ms()), folder.join(TABLES));
    files::create_folder(folder).map_err(failed(folder))?;
    if fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
        return Err(BackupError::NotEmpty(folder.to_owned()));
    }
    files::create_folder(&tables).map_err(failed(&tables))?;
    let secret_key_check = database.secret_key_check().await?;
    let mut names: Vec<String> =
        database.copy_tables(&tables).await?.iter().map(|name| format!("{TABLES}/{name}")).collect();
    let list = folder.join(BLOB_LIST);
    let mut lines = BufWriter::new(files::create_new(&list).map_err(failed(&list))?);
    let add = |listed: ListedBlob| {
        let line = serde_json::to_string(&listed).unwrap_or_default();
        writeln!(lines, "{line}").map_err(failed(&list))
    };
    let blobs = blobs.copy_to(&folder.join(BLOBS), add).await?;
    lines.into_inner().map_err(|error| failed(&list)(error.into_error()))?.sync_all().map_err(failed(&list))?;
    names.push(BLOB_LIST.to_owned());
    let mut stored = Vec::new();
    for name in names {
        let (digest, bytes) = blocking(folder.join(&name), Digest::of_file).await?;
        stored.push(StoredFile { name, bytes, sha256: digest.to_hex() });
    }
    let table_bytes = stored.iter().filter(|file| file.name != BLOB_LIST).map(|file| file.bytes).sum();
    let kind = database.target().kind().to_owned();
    let manifest = Manifest::new(made_at.clone(), kind, secret_key_check.clone(), stored);
    blocking(folder.to_owned(), move |folder| manifest.write(folder)).await?;
    Ok(Contents { table_bytes, blobs, secret_key_check, made_at })
}

/// The blobs of a backup.
fn listed(folder: &Path) -> Result<Vec<ListedBlob>, BackupError> {
    let path = folder.join(BLOB_LIST);
    let lines = BufReader::new(File::open(&path).map_err(failed(&path))?).lines();
    let parse = |line: io::Result<String>| {
        let line = line.map_err(failed(&path))?;
        serde_json::from_str(&line).map_err(|_| BackupError::Damaged(path.clone()))
    };
    lines.map(parse).collect()
}

/// Restores a backup where no tables are.
///
/// # Errors
/// [`BackupError`]. Nothing was restored then, but for blobs that nothing refers to.
pub async fn restore(
    (target, limits): (&Target, Limits),
    place: &BlobPlace,
    folder: &Path,
) -> Result<Contents, BackupError> {
    let manifest = Manifest::read(folder)?;
    if manifest.database() != target.kind() {
        return Err(BackupError::OtherDatabase { of: manifest.database().to_owned(), here: target.kind() });
    }
    if !target.is_empty(limits).await? {
        return Err(BackupError::InUse);
    }
    let (mut names, mut table_bytes) = (Vec::new(), 0);
    for file in manifest.files() {
        let path = folder.join(&file.name);
        let found = blocking(path.clone(), Digest::of_file).await;
        let is_whole = found.is_ok_and(|(digest, bytes)| (digest.to_hex(), bytes) == (file.sha256.clone(), file.bytes));
        if !is_whole {
            return Err(BackupError::Damaged(path));
        }
        if let Some(name) = file.name.strip_prefix(TABLES).and_then(|name| name.strip_prefix('/')) {
            names.push(name.to_owned());
            table_bytes += file.bytes;
        }
    }
    let (list, copies) = (listed(folder)?, BlobCopies::at(&folder.join(BLOBS)));
    for blob in &list {
        if !copies.has(blob).await? {
            return Err(BackupError::Damaged(folder.join(BLOBS).join(blob.key())));
        }
    }
    let mut blobs = CopiedBlobs::default();
    for blob in &list {
        copies.put_back(blob, place).await?;
        blobs.blobs += 1;
        blobs.bytes += blob.bytes();
    }
    target.put_tables(&folder.join(TABLES), &names).await?;
    let (secret_key_check, made_at) = (manifest.secret_key_check().to_owned(), manifest.made_at().to_owned());
    Ok(Contents { table_bytes, blobs, secret_key_check, made_at })
}
