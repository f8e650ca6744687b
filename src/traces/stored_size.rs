//! The bytes that traces occupy when they are stored. The formulas are those of the migration `m0033_storage_counted`, whose triggers keep what is stored.

use crate::worlds::{ScopeKey, storage::Storage};

/// A page of the database, in bytes.
const PAGE: i64 = 4096;

fn len(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX / 1024)
}

/// The bytes of a trace without its recording. `texts` is the length of its body, its detail and, twice, its source id.
#[must_use]
pub fn trace_bytes(author: &str, scope: &ScopeKey, texts: usize) -> i64 {
    500 + 2 * len(author.len()) + 4 * len(scope.as_str().len()) + len(texts)
}

/// The bytes of a recording whose frames and look have that length.
#[must_use]
pub fn recording_bytes(frames_and_look: usize) -> i64 {
    let bytes = len(frames_and_look) + 150;
    let pages = if bytes <= PAGE { PAGE / (PAGE / bytes) } else { (bytes + PAGE - 1) / PAGE * PAGE };
    250 + bytes / 16 + pages
}

/// The bytes of so many votes or uses, each with an item in the inbox of an author.
#[must_use]
pub fn interactions(count: usize) -> i64 {
    650 * len(count)
}

/// The bytes by which a change of a trace makes the database grow at most, by a body of that length: the old row stays for a while.
#[must_use]
pub fn change(body: usize) -> i64 {
    2_000 + 2 * len(body)
}

/// What a new scope occupies, beside its traces.
#[must_use]
pub fn new_scope(scope: &ScopeKey) -> Storage {
    Storage { bytes: 200 + 2 * len(scope.as_str().len()), scopes: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_of_more_than_half_a_page_occupies_whole_pages() {
        let pages = |bytes: usize| recording_bytes(bytes) - 250 - (len(bytes) + 150) / 16;
        assert_eq!(pages(0), 151);
        assert_eq!(pages(1898), 2048);
        assert_eq!(pages(1899), 4096);
        assert_eq!(pages(3946), 4096);
        assert_eq!(pages(3947), 8192);
        assert_eq!(pages(262_144), 266_240);
    }
}
