//! Emails in a folder, where no mail server is configured: one file each, readable by the program's user only, because an
//! email may hold a code. They are removed when they are old.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::platform::files;

/// Longest time between two searches for old emails.
const SEARCH_EVERY: Duration = Duration::from_mins(10);

/// The extension of the files.
const EXTENSION: &str = "eml";

/// The extension of files that are being written, or were when the program was killed.
const PART: &str = "part";

/// Writes an email to the file of that name, in place of one that is there.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
    let path = folder.join(format!("{name}.{EXTENSION}"));
    files::create_folder(folder).and_then(|()| files::make_private(folder)).map_err(|error| error.to_string())?;
    let mut file = files::begin_part(&path)?;
    file.write_all(bytes).and_then(|()| files::finish_part(&path, &file)).map_err(|error| error.to_string())?;
    Ok(path)
}

/// Removes emails as they reach that age, for ever.
pub(super) async fn remove_old(folder: PathBuf, max_age: Duration) {
    loop {
        let searched = folder.clone();
        let removed = tokio::task::spawn_blocking(move || remove_older(&searched, max_age)).await;
        match removed {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "removed old emails from the mail folder"),
            Ok(Err(error)) => tracing::warn!(%error, folder = %folder.display(), "removing old emails failed"),
            Err(error) => tracing::warn!(%error, "removing old emails failed"),
        }
        tokio::time::sleep(SEARCH_EVERY.min(max_age)).await;
    }
}

/// Removes the emails that are older than that; returns how many.
fn remove_older(folder: &Path, max_age: Duration) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != EXTENSION && extension != PART) {
            continue;
        }
        // An email that another instance has removed meanwhile has no age.
        let age = fs::metadata(&path).and_then(|metadata| metadata.modified()).map(|written| written.elapsed());
        if matches!(age, Ok(Ok(age)) if age > max_age) && fs::remove_file(&path).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_emails_are_removed_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("cairn-mail-{}", std::process::id()));
        let fresh = write(&folder, "1", b"fresh").unwrap();
        let (old, other) = (write(&folder, "2", b"old").unwrap(), folder.join("notes.txt"));
        fs::write(&other, "mine").unwrap();
        assert_eq!(write(&folder, "1", b"again").unwrap(), fresh);
        assert_eq!(fs::read(&fresh).unwrap(), b"again");
        let hour = Duration::from_hours(1);
        for path in [&old, &other] {
            let file = fs::File::options().write(true).open(path).unwrap();
            let written = file.metadata().unwrap().modified().unwrap();
            file.set_modified(written.checked_sub(2 * hour).unwrap()).unwrap();
        }
        assert_eq!(remove_older(&folder, hour).unwrap(), 1);
        assert!(fresh.exists() && other.exists() && !old.exists());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(remove_older(&folder, hour).unwrap(), 0, "there need not be a folder");
    }
}
