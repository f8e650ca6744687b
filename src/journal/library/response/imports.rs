//! Imports and their rows.

use poem_openapi::{Object, types::Example};

use crate::{
    http::schema::{OneOf, Timestamp},
    journal::{
        examples::{self, TIME_MS},
        library::model::{Import, ImportCounts, ImportMode, ImportRow, ImportSource, ImportStatus, Outcome},
    },
    platform::page::Page,
};

/// How many rows become what.
#[derive(Debug, Object)]
#[oai(rename = "LibraryImportCounts")]
struct CountsResponse {
    /// All rows of the file.
    rows: i32,
    /// Rows that add a game.
    new: i32,
    /// Rows that change an entry.
    changed: i32,
    /// Rows that change nothing.
    same: i32,
    /// Rows whose game is not known.
    unclear: i32,
    /// Rows that can't be used.
    refused: i32,
}

impl From<ImportCounts> for CountsResponse {
    fn from(counts: ImportCounts) -> Self {
        let ImportCounts { new, changed, same, unclear, refused } = counts;
        Self { rows: counts.total(), new, changed, same, unclear, refused }
    }
}

/// An import.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryImport")]
pub struct ImportResponse {
    /// Its id.
    import_id: String,
    /// The program that wrote the file.
    source: OneOf<ImportSource>,
    /// What it may do.
    mode: OneOf<ImportMode>,
    /// How far it is: `ready` is not applied yet.
    status: OneOf<ImportStatus>,
    /// What becomes of the rows.
    counts: CountsResponse,
    /// When the file was read.
    created_at: Timestamp,
    /// Until when it can be applied; once it was, until when it can be undone.
    expires_at: Timestamp,
}

impl From<Import> for ImportResponse {
    fn from(import: Import) -> Self {
        Self {
            import_id: import.id.0,
            source: OneOf(import.source),
            mode: OneOf(import.options.mode),
            status: OneOf(import.status),
            counts: import.counts.into(),
            created_at: Timestamp(import.made_ms),
            expires_at: Timestamp(import.expires_ms),
        }
    }
}

impl Example for ImportResponse {
    fn example() -> Self {
        let counts = ImportCounts { new: 40, changed: 3, same: 2, unclear: 1, refused: 1 };
        Self {
            import_id: examples::import(),
            source: OneOf(ImportSource::Steam),
            mode: OneOf(ImportMode::All),
            status: OneOf(ImportStatus::Ready),
            counts: counts.into(),
            created_at: Timestamp(TIME_MS),
            expires_at: Timestamp(TIME_MS + 3_600_000),
        }
    }
}

/// The imports that are kept.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryImportList")]
pub struct ImportListResponse {
    /// The newest first.
    items: Vec<ImportResponse>,
}

impl FromIterator<Import> for ImportListResponse {
    fn from_iter<I: IntoIterator<Item = Import>>(imports: I) -> Self {
        Self { items: imports.into_iter().map(ImportResponse::from).collect() }
    }
}

impl Example for ImportListResponse {
    fn example() -> Self {
        Self { items: vec![ImportResponse::example()] }
    }
}

/// A row of an import.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryImportRow")]
pub struct ImportRowResponse {
    /// Its number in the file, from 1.
    row: i32,
    /// The game's name in the file.
    name: String,
    /// What becomes of it.
    outcome: OneOf<Outcome>,
    /// The game that it means, where that is known.
    #[oai(skip_serializing_if_is_none)]
    game: Option<String>,
    /// Why, in words; absent where that needs no words.
    #[oai(skip_serializing_if_is_none)]
    why: Option<String>,
}

impl From<ImportRow> for ImportRowResponse {
    fn from(row: ImportRow) -> Self {
        Self {
            row: row.number,
            name: row.name,
            outcome: OneOf(row.outcome),
            game: row.title.map(|title| title.to_string()),
            why: Some(row.why).filter(|why| !why.is_empty()),
        }
    }
}

impl Example for ImportRowResponse {
    fn example() -> Self {
        Self {
            row: 7,
            name: "Moss Harbour Soundtrack".to_owned(),
            outcome: OneOf(Outcome::Unclear),
            game: None,
            why: Some("no game has this name".to_owned()),
        }
    }
}

/// A page of the rows of an import.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryImportRows")]
pub struct ImportRowsResponse {
    /// In the order of the file.
    items: Vec<ImportRowResponse>,
    /// The `after` of the next page.
    next: String,
    /// Whether there are more items after this page.
    more: bool,
}

impl ImportRowsResponse {
    /// The page after `after`.
    pub fn new(page: Page<ImportRow>, after: i32) -> Self {
        let next = page.items.last().map_or(after, |last| last.number).to_string();
        Self { items: page.items.into_iter().map(ImportRowResponse::from).collect(), next, more: page.more }
    }
}

impl Example for ImportRowsResponse {
    fn example() -> Self {
        Self { items: vec![ImportRowResponse::example()], next: "7".to_owned(), more: false }
    }
}
