//! Files and folders that only the program's user can read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Permissions of a folder.
const FOLDER_MODE: u32 = 0o700;

/// Permissions of a file.
const FILE_MODE: u32 = 0o600;

/// The permissions of the group and of others.
const OTHERS: u32 = 0o077;

/// The bit that lets everybody create files in a folder, and remove only their own.
const STICKY: u32 = 0o1000;

/// Runs work that blocks on a thread for that.
///
/// # Errors
/// That of the work, or that it panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other).flatten()
}

/// Creates a folder, with those above it that are missing. One that exists keeps its permissions.
///
/// # Errors
/// The system's error.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)
}

/// Creates an empty file where there is none.
///
/// # Errors
/// The system's error.
pub fn create_if_missing(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Creates a file for writing. It must not exist.
///
/// # Errors
/// The system's error.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
}

/// The options that open a file and create it where it is missing.
#[must_use]
pub fn create_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(FILE_MODE);
    options
}

/// Begins a file under a temporary name, which [`finish_part`] replaces: a file of the final name is always complete.
///
/// # Errors
/// The system's error, with the temporary name.
pub fn begin_part(path: &Path) -> Result<File, String> {
    let part = part_of(path);
    // What an interrupted run has left.
    let removed =
        fs::remove_file(&part).or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) });
    removed.and_then(|()| create_new(&part)).map_err(|error| format!("{}: {error}", part.display()))
}

/// Stores a complete file, and gives it its final name.
///
/// # Errors
/// The system's error.
pub fn finish_part(path: &Path, file: &File) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(part_of(path), path)
}

/// Removes what was written under the temporary name of a file, if there is something.
///
/// # Errors
/// The system's error.
pub fn remove_part(path: &Path) -> io::Result<()> {
    fs::remove_file(part_of(path))
}

fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

/// Takes the permissions of the group and of others away from a file or folder. Returns whether it had any.
///
/// # Errors
/// The system's error; the file belongs to somebody else, for example.
pub fn make_private(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    let mode = metadata.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(false);
    }
    fs::set_permissions(path, Permissions::from_mode(mode & 0o7777 & !OTHERS))?;
    Ok(true)
}

/// Whether others may read a file, or enter a folder.
///
/// # Errors
/// The system's error.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & OTHERS != 0)
}

/// Whether everybody may put files into a folder, as into `/tmp`.
///
/// # Errors
/// The system's error.
pub fn is_for_everybody(folder: &Path) -> io::Result<bool> {
    Ok(fs::metadata(folder)?.permissions().mode() & STICKY != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn only_the_user_can_read_what_is_created_and_what_is_made_private() {
        let folder = std::env::temp_dir().join(format!("cairn-files-{}", std::process::id()));
        create_folder(&folder.join("inner")).unwrap();
        assert_eq!((mode(&folder), mode(&folder.join("inner"))), (0o700, 0o700));
        let file = folder.join("new");
        create_if_missing(&file).unwrap();
        create_if_missing(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        for (earlier, later) in [(0o644, 0o600), (0o775, 0o700), (0o600, 0o600)] {
            fs::set_permissions(&file, Permissions::from_mode(earlier)).unwrap();
            assert_eq!(make_private(&file).unwrap(), earlier != later);
            assert_eq!(mode(&file), later);
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_part_that_others_could_read_is_not_used_again() {
        let path = std::env::temp_dir().join(format!("cairn-part-{}", std::process::id()));
        fs::write(part_of(&path), "left by an interrupted run").unwrap();
        fs::set_permissions(part_of(&path), Permissions::from_mode(0o644)).unwrap();
        let file = begin_part(&path).unwrap();
        finish_part(&path, &file).unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap().len()), (0o600, 0));
        assert!(!part_of(&path).exists());
        fs::remove_file(&path).unwrap();
    }
}
