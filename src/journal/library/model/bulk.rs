//! Edits of many entries at once, and what it takes to undo them.

use super::entry::EntryChange;
use crate::catalogue::titles::TitleId;

/// The id of an edit: a UUID without hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditId(pub String);

impl EditId {
    /// A new id.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().simple().to_string())
    }
}

/// What becomes of each entry of a bulk edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkChange {
    /// It is changed.
    Change(EntryChange),
    /// It leaves the library.
    Delete,
}

/// An edit of many entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkEdit {
    /// Their titles.
    pub titles: Vec<TitleId>,
    /// What becomes of each.
    pub change: BulkChange,
}

/// An edit that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditSummary {
    /// Its id; nothing where nothing was changed.
    pub id: Option<EditId>,
    /// How many entries are different now, or gone.
    pub changed: usize,
    /// The titles that are not in the library.
    pub missing: Vec<TitleId>,
    /// Until when it can be undone (Unix time in ms).
    pub undo_until_ms: i64,
}

/// An edit that was undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Entries that are again as they were.
    pub restored: i64,
    /// Entries that were changed since, and stay as they are.
    pub kept: i64,
}
