//! Versions with their files.

use poem_openapi::{Object, types::Example};

use super::VersionResponse;
use crate::{
    http::{conditional::ConditionalContent, problem::Problem, revised, schema::Timestamp},
    journal::{
        examples::TIME_MS,
        saves::{
            examples,
            model::{AnnouncedFile, Conflict, Entry, LinkedManifest, Manifest, SaveError, What},
        },
    },
};

/// A file of a version.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "SaveFile")]
pub struct FileResponse {
    /// The path in the save.
    path: String,
    /// The length.
    bytes: u64,
    /// The SHA-256 digest.
    #[oai(validator(min_length = 64, max_length = 64))]
    sha256: String,
    /// When the file was last changed, as its device says.
    #[oai(skip_serializing_if_is_none)]
    modified_at: Option<Timestamp>,
    /// Its address, where it has arrived. Whoever has it can fetch the file, until it expires.
    #[oai(skip_serializing_if_is_none)]
    url: Option<String>,
}

impl FileResponse {
    fn of(entry: &Entry, url: Option<String>) -> Option<Self> {
        let What::File(content) = &entry.what else { return None };
        Some(Self {
            path: entry.path.as_str().to_owned(),
            bytes: content.bytes,
            sha256: content.digest.to_hex(),
            modified_at: entry.modified_ms.map(Timestamp),
            url,
        })
    }
}

impl Example for FileResponse {
    fn example() -> Self {
        let url = "https://cairn.example/blobs/saves/0193702d9c4e7a10b5d2c3e4f5a60718?expires=1795255200000&signature=4a5f0c91d2e80b174a5f0c91d2e80b17";
        Self {
            path: examples::PATH.to_owned(),
            bytes: 48_213,
            sha256: examples::SHA256.to_owned(),
            modified_at: Some(Timestamp(TIME_MS)),
            url: Some(url.to_owned()),
        }
    }
}

/// A version with its files.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "SaveManifest")]
pub struct ManifestResponse {
    /// The version.
    version: VersionResponse,
    /// Whether it counts.
    current: bool,
    /// Its files, in the order of their paths.
    files: Vec<FileResponse>,
    /// Paths that it has removed: an earlier version may have them still.
    removed: Vec<String>,
    /// Until when the addresses of its files work; absent where there are none.
    #[oai(skip_serializing_if_is_none)]
    links_expire_at: Option<Timestamp>,
}

fn removed(entries: &[Entry]) -> Vec<String> {
    let removed = entries.iter().filter(|entry| entry.what == What::Removed);
    removed.map(|entry| entry.path.as_str().to_owned()).collect()
}

impl ManifestResponse {
    /// The manifest of the version that counts, without addresses.
    fn of_current(Manifest { version, entries }: Manifest) -> Self {
        Self {
            version: version.into(),
            current: true,
            files: entries.iter().filter_map(|entry| FileResponse::of(entry, None)).collect(),
            removed: removed(&entries),
            links_expire_at: None,
        }
    }
}

impl From<LinkedManifest> for ManifestResponse {
    fn from(LinkedManifest { manifest, is_current, links, links_expire_ms }: LinkedManifest) -> Self {
        let Manifest { version, entries } = manifest;
        Self {
            version: version.into(),
            current: is_current,
            files: entries.iter().zip(links).filter_map(|(entry, url)| FileResponse::of(entry, url)).collect(),
            removed: removed(&entries),
            links_expire_at: links_expire_ms.map(Timestamp),
        }
    }
}

impl Example for ManifestResponse {
    fn example() -> Self {
        Self {
            version: VersionResponse::example(),
            current: true,
            files: vec![FileResponse::example()],
            removed: vec!["profile1/autosave.dat".to_owned()],
            links_expire_at: Some(Timestamp(TIME_MS + 7_200_000)),
        }
    }
}

impl ConditionalContent for ManifestResponse {
    const OK: &'static str = "The version.";
    const NOT_MODIFIED: &'static str = "It is as you have it.";
}

/// A set of files that was sent.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SentSave")]
pub struct SentResponse {
    /// The device that sent it.
    #[oai(skip_serializing_if_is_none)]
    device: Option<String>,
    /// How many files it has.
    files_count: u64,
    /// Their bytes.
    bytes: u64,
    /// Its files.
    files: Vec<FileResponse>,
}

/// Two sets of files of which neither follows the other: a person, or a program that knows the game, decides.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SaveConflict")]
pub struct ConflictResponse {
    /// The number of the version that counts, 0 before the first.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// The version that counts; absent before the first.
    #[oai(skip_serializing_if_is_none)]
    kept: Option<ManifestResponse>,
    /// What was sent; absent where no files were.
    #[oai(skip_serializing_if_is_none)]
    sent: Option<SentResponse>,
}

impl From<Conflict> for ConflictResponse {
    fn from(Conflict { kept, revision, sent }: Conflict) -> Self {
        let sent = sent.map(|sent| {
            let file = |file: AnnouncedFile| FileResponse {
                path: file.path.as_str().to_owned(),
                bytes: file.bytes,
                sha256: file.digest.to_hex(),
                modified_at: file.modified_ms.map(Timestamp),
                url: None,
            };
            SentResponse {
                device: Some(sent.device).filter(|device| !device.is_empty()),
                files_count: u64::try_from(sent.files.len()).unwrap_or(u64::MAX),
                bytes: sent.files.iter().map(|file| file.bytes).sum(),
                files: sent.files.into_iter().map(file).collect(),
            }
        });
        Self { revision: revision.to_string(), kept: kept.map(ManifestResponse::of_current), sent }
    }
}

/// The problem for an error of a change: one of an old state brings both sets.
pub fn stale_or(error: SaveError) -> Problem {
    match error {
        SaveError::Stale(conflict) => revised::stale(&ConflictResponse::from(*conflict)),
        other => other.into(),
    }
}
