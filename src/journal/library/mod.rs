//! Libraries: what players own, wish for, play and have played.
//!
//! - An entry is a title in somebody's library, with one of five states. Every change of state is kept with its time.
//! - Playthroughs have a platform, dates of a given precision, a time and a grade. The time of an entry is theirs, and what belongs
//!   to none of them.
//! - Each entry has an audience. Lists, counts and statistics show what the viewer may see, by the same condition.
//! - Edits of many entries, deletions and imports can be undone for a while (`model::EditSummary`): entries that were changed since
//!   stay as they are.
//! - A file of another program is read into rows first; what becomes of each is shown before anything is in the library. No row
//!   starts a search by similar names: a row whose game is not known waits for the person.
//! - What a person has written is never overwritten by an import.
//! - Triggers in the database keep the histories and the statistics.

mod api;
mod body_reader;
mod config;
mod formats;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{EntriesApi, ImportsApi, LibrariesApi},
    config::LibraryConfig,
    model::{Entry, ExportFormat, LibraryError, Score, State, Statistics, Target},
    service::{Library, Settings},
    store::{WishedPrice, in_library, people_with, shared_titles},
};

/// Single steps, for fuzzing.
pub mod steps {
    use super::formats;
    pub use super::request::{BODY_READERS, URI_READERS};

    /// Reads a file of any program; how many rows it has.
    #[must_use]
    pub fn read_file(bytes: &[u8]) -> usize {
        let mut rows = 0;
        let _outcome = formats::read(bytes, &mut |_, _| {
            rows += 1;
            true
        });
        rows
    }
}
