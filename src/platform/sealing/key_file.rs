//! The file with the secret key in the data folder.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::KEY_BYTES;
use crate::platform::{codec::hex, files, token};

/// Its name.
pub(super) const NAME: &str = "secret.key";

/// Reads the key. Where there is no file, makes one if `may_make`.
pub(super) async fn read_or_make(path: &Path, may_make: bool) -> Result<Option<Vec<u8>>, String> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_or_make_now(&path, may_make)).await;
    read.map_err(|error| error.to_string())?
}

fn read_or_make_now(path: &PathBuf, may_make: bool) -> Result<Option<Vec<u8>>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && may_make => make(path).map_err(|error| failed(&error))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
        Ok(_) => {}
    }
    // Another program may have made it at the same moment: what the file says counts.
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    files::make_private(path).map_err(|error| failed(&error))?;
    let bytes = hex::to_bytes(text.trim()).filter(|bytes| bytes.len() == KEY_BYTES);
    bytes.map(Some).ok_or_else(|| failed(&format!("is not {} hexadecimal digits", 2 * KEY_BYTES)))
}

/// Makes a new key. Under its name the file is complete at every moment.
fn make(path: &Path) -> Result<(), String> {
    let key = token::draw::<KEY_BYTES>().map_err(|error| error.to_string())?;
    let unfinished = path.with_extension(format!("{:08x}.part", fastrand::u32(..)));
    let written = files::create_new(&unfinished)
        .and_then(|mut file| {
            writeln!(file, "{}", key.expose())?;
            file.sync_all()
        })
        // Never over a file that another program has made meanwhile.
        .and_then(|()| match fs::hard_link(&unfinished, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let removed = fs::remove_file(&unfinished);
    written.and(removed).map_err(|error| error.to_string())
}
