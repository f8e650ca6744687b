//! The manifest of a backup: what it is of, and its files.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::platform::files;

/// Its name.
const NAME: &str = "manifest.json";

/// The form of backups that this program makes.
const FORMAT: u32 = 1;

/// A file of a backup.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// Below the folder of the backup, with slashes.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: String,
}

/// Why there is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestFault {
    /// There is none.
    #[error("{0} is no complete backup: it has no manifest.json")]
    None(PathBuf),
    /// It can't be read.
    #[error("{path}: {cause}")]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It says nothing that this program understands.
    #[error("{0} is no manifest of a backup")]
    Unreadable(PathBuf),
    /// It was made by a later version.
    #[error(
        "the backup has format {0}, and this version of Cairn knows {FORMAT} only: use the version that made it, or a later one"
    )]
    Format(u32),
}

/// What a backup is of, and its files.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Manifest {
    format: u32,
    program: String,
    made_at: String,
    database: String,
    secret_key_check: String,
    files: Vec<StoredFile>,
}

#[derive(Deserialize)]
struct Form {
    format: u32,
}

impl Manifest {
    pub fn new(made_at: String, database: String, secret_key_check: String, files: Vec<StoredFile>) -> Self {
        let program = format!("Cairn {}", env!("CARGO_PKG_VERSION"));
        Self { format: FORMAT, program, made_at, database, secret_key_check, files }
    }

    /// Writes it, so that it is there whole or not at all.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let path = folder.join(NAME);
        let mut file = files::begin_part(&path).map_err(io::Error::other)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        writeln!(file)?;
        files::finish_part(&path, &file)?;
        File::open(folder)?.sync_all()
    }

    pub fn read(folder: &Path) -> Result<Self, ManifestFault> {
        let path = folder.join(NAME);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ManifestFault::None(folder.to_owned()));
            }
            text => text.map_err(|cause| ManifestFault::File { path: path.clone(), cause })?,
        };
        let form: Form = serde_json::from_slice(&text).map_err(|_| ManifestFault::Unreadable(path.clone()))?;
        if form.format != FORMAT {
            return Err(ManifestFault::Format(form.format));
        }
        let read: Self = serde_json::from_slice(&text).map_err(|_| ManifestFault::Unreadable(path.clone()))?;
        // Nothing outside of the folder.
        let is_inside = |file: &StoredFile| file.name.split('/').all(|part| !["", ".", ".."].contains(&part));
        if read.files.iter().all(is_inside) { Ok(read) } else { Err(ManifestFault::Unreadable(path)) }
    }

    /// Whether there is one: the backup is complete.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(NAME).exists()
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn secret_key_check(&self) -> &str {
        &self.secret_key_check
    }

    pub fn made_at(&self) -> &str {
        &self.made_at
    }

    pub fn files(&self) -> &[StoredFile] {
        &self.files
    }
}
