//! The data folder of SQLite: readable by the program's user only, and used by one server at a time.
//!
//! Commands work beside a running server and do not take the lock. They only refuse to migrate a database under it.

use std::{
    collections::BTreeSet,
    fs::{File, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{Target, schema::SchemaError};
use crate::platform::files;

/// The file whose lock a server holds. It contains the server's process id.
const LOCK: &str = "cairn.lock";

/// How often a server tries to get the lock: a command may hold it for a moment.
const TRIES: u32 = 5;

/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// Folders of ours that may be in the data folder: of emails, of files, and of copies that are worked on. Another folder in it belongs
/// to somebody else.
const OURS: [&str; 3] = ["mail", "blobs", "scratch"];

/// A folder that every file system has at its root.
const LOST_FOUND: &str = "lost+found";

/// The folders that this process has locked. A process id would not do: in containers that share a folder, each is the first.
static LOCKED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The lock on a data folder, until it is dropped or the process ends.
#[derive(Debug)]
pub struct FolderLock {
    folder: PathBuf,
    _file: File,
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        LOCKED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.folder);
    }
}

impl FolderLock {
    /// Locks the data folder for a server. `None` where the data is in PostgreSQL, or the file system has no locks.
    ///
    /// # Errors
    /// [`SchemaError::InUse`], or the folder can't be created or written.
    pub async fn acquire(target: &Target) -> Result<Option<Self>, SchemaError> {
        let Target::Sqlite { folder } = target else { return Ok(None) };
        prepare(folder)?;
        let failed = |cause| SchemaError::Folder { folder: folder.clone(), cause };
        let mut file = open(folder).map_err(failed)?;
        let mut tries = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = read_holder(&mut file);
                    return Err(SchemaError::InUse { folder: folder.clone(), server: describe(holder) });
                }
                Err(TryLockError::Error(error)) => {
                    tracing::warn!(%error, folder = %folder.display(), "the data folder can't be locked; make sure that no other server uses it");
                    return Ok(None);
                }
            }
        }
        let written = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(failed)?;
        LOCKED.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone());
        Ok(Some(Self { folder: folder.clone(), _file: file }))
    }
}

/// Checks that no other server uses the folder.
pub(super) fn check_unused(folder: &Path) -> Result<(), SchemaError> {
    if LOCKED.lock().unwrap_or_else(PoisonError::into_inner).contains(folder) {
        return Ok(());
    }
    let failed = |cause| SchemaError::Folder { folder: folder.to_owned(), cause };
    let mut file = open(folder).map_err(failed)?;
    // A shared lock, so that two commands do not take each other for a server.
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return Ok(());
    }
    Err(SchemaError::InUse { folder: folder.to_owned(), server: describe(read_holder(&mut file)) })
}

fn open(folder: &Path) -> std::io::Result<File> {
    files::create_options().read(true).open(folder.join(LOCK))
}

/// The process that holds the lock. `None` if it has not written its id yet.
fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn describe(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another server".to_owned(), |id| format!("the server with process id {id}"))
}

/// Creates the folder where it is missing, and takes everybody else's access to it and to the files of the database away.
pub(super) fn prepare(folder: &Path) -> Result<(), SchemaError> {
    let failed = |cause| SchemaError::Folder { folder: folder.to_owned(), cause };
    files::create_folder(folder).map_err(failed)?;
    let mut is_shared = files::is_for_everybody(folder).map_err(failed)?;
    let mut ours = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            is_shared |= !OURS.iter().any(|ours| name == **ours) && name != LOST_FOUND;
        } else if name.to_str().is_some_and(is_ours) {
            ours.push(entry.path());
        }
    }
    if is_shared {
        // The way to what else is in it stays open.
        if files::is_open_to_others(folder).map_err(failed)? {
            tracing::warn!(
                folder = %folder.display(),
                "other users of this machine can enter the data folder, which holds more than Cairn's data; \
                 its files are readable by this program's user only"
            );
        }
    } else {
        ours.push(folder.to_owned());
    }
    for path in &ours {
        make_private(path);
    }
    Ok(())
}

/// Whether a file of that name is ours: a database, what SQLite keeps beside it, a copy, or the lock.
fn is_ours(name: &str) -> bool {
    name.starts_with("control.sqlite") || (name.starts_with("studio_") && name.contains(".sqlite")) || name == LOCK
}

/// A file or folder of another user can't be changed: the program may work with it all the same.
fn make_private(path: &Path) {
    match files::make_private(path) {
        Ok(true) => tracing::info!(path = %path.display(), "made readable by this program's user only"),
        Ok(false) => {}
        // A connection that was closed has removed it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, path = %path.display(), "other users of this machine can read the data"),
    }
}

/// In the name of a copy that is made before a migration, between the file's name and the time.
pub(super) const COPY: &str = ".before-migration-";

/// The copies of all files that were made before migrations, by name.
pub(super) async fn copies(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    let mut copies = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name().to_str().is_some_and(|name| name.contains(COPY)) {
            copies.push(entry.path());
        }
    }
    copies.sort();
    Ok(copies)
}
