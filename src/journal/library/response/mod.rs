//! What answers about libraries contain.

mod entries;
mod imports;
mod statistics;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    entries::{EntryResponse, LibraryPageResponse, TheirLibraryPageResponse},
    imports::{ImportListResponse, ImportResponse, ImportRowResponse, ImportRowsResponse},
    statistics::StatisticsResponse,
};
use super::model::{EditSummary, ExportFormat, LibraryError, TitledEntry, Undone};
use crate::{
    http::{
        file_answer::{FileAnswer, FileContent},
        no_store::NoStore,
        problem::Problem,
        revised::{self, Changed, Created},
        schema::Timestamp,
    },
    journal::examples::{self, TIME_MS},
};

/// The answer to a request that added something: the entry.
pub fn created(shown: TitledEntry) -> Created<EntryResponse> {
    Created { revision: shown.entry.revision, thing: shown.into() }
}

/// The answer to a request that changed an entry: as it is now.
pub fn changed(shown: TitledEntry) -> Changed<EntryResponse> {
    Changed { revision: shown.entry.revision, thing: shown.into() }
}

/// What has failed, with the entry as it is where the request expects another revision.
pub fn stale_or(error: LibraryError) -> Problem {
    match error {
        LibraryError::Stale(now) => revised::stale(&EntryResponse::from(*now)),
        other => other.into(),
    }
}

#[derive(ApiResponse)]
pub enum LibraryListed {
    /// A page of the library.
    #[oai(status = 200)]
    Ok(NoStore<LibraryPageResponse>),
}

#[derive(ApiResponse)]
pub enum TheirLibraryListed {
    /// A page of the library, as far as the caller may see it.
    #[oai(status = 200)]
    Ok(NoStore<TheirLibraryPageResponse>),
}

#[derive(ApiResponse)]
pub enum StatisticsShown {
    /// What the library comes to.
    #[oai(status = 200)]
    Ok(NoStore<StatisticsResponse>),
}

/// An edit that was made.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryEdit")]
pub struct EditResponse {
    /// Its id, by which it is undone; absent where nothing was changed.
    #[oai(skip_serializing_if_is_none)]
    edit_id: Option<String>,
    /// How many entries are different now, or gone.
    changed: u32,
    /// The games that are not in the library.
    missing: Vec<String>,
    /// Until when it can be undone.
    undo_until: Timestamp,
}

impl From<EditSummary> for EditResponse {
    fn from(summary: EditSummary) -> Self {
        Self {
            edit_id: summary.id.map(|id| id.0),
            changed: u32::try_from(summary.changed).unwrap_or(u32::MAX),
            missing: summary.missing.iter().map(ToString::to_string).collect(),
            undo_until: Timestamp(summary.undo_until_ms),
        }
    }
}

impl Example for EditResponse {
    fn example() -> Self {
        Self { edit_id: Some(examples::import()), changed: 1, missing: vec![], undo_until: Timestamp(TIME_MS) }
    }
}

#[derive(ApiResponse)]
pub enum EditMade {
    /// What was changed, and until when that can be undone.
    #[oai(status = 200)]
    Ok(NoStore<EditResponse>),
}

impl From<EditSummary> for EditMade {
    fn from(summary: EditSummary) -> Self {
        Self::Ok(NoStore(summary.into()))
    }
}

/// An edit that was undone.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryEditUndone")]
pub struct UndoneResponse {
    /// Entries that are again as they were.
    restored: i64,
    /// Entries that were changed since, and stay as they are.
    kept: i64,
}

impl Example for UndoneResponse {
    fn example() -> Self {
        Self { restored: 12, kept: 0 }
    }
}

#[derive(ApiResponse)]
pub enum EditUndone {
    /// What is again as it was.
    #[oai(status = 200)]
    Ok(NoStore<UndoneResponse>),
}

impl From<Undone> for EditUndone {
    fn from(Undone { restored, kept }: Undone) -> Self {
        Self::Ok(NoStore(UndoneResponse { restored, kept }))
    }
}

#[derive(ApiResponse)]
pub enum ImportRead {
    /// The import. Nothing is in the library yet.
    #[oai(status = 201)]
    Created(NoStore<ImportResponse>),
}

#[derive(ApiResponse)]
pub enum ImportShown {
    /// The import as it is now.
    #[oai(status = 200)]
    Ok(NoStore<ImportResponse>),
}

#[derive(ApiResponse)]
pub enum ImportsListed {
    /// The imports that are kept.
    #[oai(status = 200)]
    Ok(NoStore<ImportListResponse>),
}

#[derive(ApiResponse)]
pub enum RowsListed {
    /// A page of the import's rows.
    #[oai(status = 200)]
    Ok(NoStore<ImportRowsResponse>),
}

#[derive(ApiResponse)]
pub enum RowShown {
    /// The row as it is now.
    #[oai(status = 200)]
    Ok(NoStore<ImportRowResponse>),
}

/// The export of a library.
#[derive(Debug)]
pub struct LibraryFile;

impl FileContent for LibraryFile {
    const ABOUT: &'static str = "The library.";
    const MEDIA: &'static [(&'static str, &'static str)] = &[
        ("application/json", r#"{"format":"cairn-library-1","exported_at":"2026-11-21T08:00:00Z","entries":[]}"#),
        ("text/csv", "The first line names the columns."),
    ];
}

/// A library as a file.
pub fn library_file(
    format: ExportFormat,
    pieces: impl futures_util::Stream<Item = Result<Vec<u8>, LibraryError>> + Send + 'static,
) -> FileAnswer<LibraryFile> {
    let (media, name) = match format {
        ExportFormat::Json => ("application/json", "library.json"),
        ExportFormat::Csv => ("text/csv", "library.csv"),
    };
    FileAnswer::new(media, name, pieces)
}
