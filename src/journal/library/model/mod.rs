//! Types and pure rules of libraries.

mod bulk;
mod entry;
mod error;
mod expected;
mod import;
mod list;
mod merge;
pub mod minutes;
mod partial_date;
mod statistics;

pub use self::{
    bulk::{BulkChange, BulkEdit, EditId, EditSummary, Undone},
    entry::{
        Entry, EntryChange, Grade, NewEntry, Playthrough, PlaythroughChange, Score, State, StateChange, Target, Written,
    },
    error::LibraryError,
    expected::Expected,
    import::{
        GameNames, Import, ImportCounts, ImportId, ImportMode, ImportOptions, ImportRow, ImportSource, ImportStatus,
        ImportedEntry, ImportedPlaythrough, ImportedRow, Outcome, OwnParts, RefusedRow, Resolution, RowPage,
    },
    list::{Cursor, Filter, ListRequest, ListedEntry, Sort, SortKey, TitledEntry},
    merge::{Planned, plan},
    partial_date::PartialDate,
    statistics::{Count, GenreCount, PlatformCount, StateCount, Statistics},
};

use crate::identity::people::Audience;

/// The audience of entries whose owner says none.
pub const DEFAULT_AUDIENCE: Audience = Audience::Friends;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

/// Entries of one user at most. The largest public library of a store has some forty thousand games.
pub const MAX_ENTRIES: i64 = 50_000;

/// Playthroughs of one entry at most.
pub const MAX_PLAYTHROUGHS: usize = 100;

/// Changes of state that are kept of one entry; the oldest go.
pub const MAX_CHANGES: usize = 200;

/// Entries that one bulk edit may change: so many are written well within the time for which a transaction may hold the writing
/// connection.
pub const MAX_BULK: usize = 200;
