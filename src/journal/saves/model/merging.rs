//! What becomes of a version by changes, and when a set of files is suspiciously small.

use std::collections::BTreeMap;

use super::{Change, Entry, SavePath, What, size};

/// A set has shrunk if it has less than one part in so many of the bytes that the last one had.
const SHRUNK_PARTS: u64 = 5;

/// Whether a set of files is so much smaller than the last one that it must be confirmed: a program that found nothing where the saves
/// should be must not replace them by nothing.
#[must_use]
pub fn shrinks((last_files, last_bytes): (u64, u64), (files, bytes): (u64, u64)) -> bool {
    last_files > 0 && (files == 0 || bytes.saturating_mul(SHRUNK_PARTS) < last_bytes)
}

/// What is at each path after these changes: of several of the same path the latest counts. What was removed is not there.
#[must_use]
pub fn overlay(entries: Vec<Entry>, changes: Vec<Change>) -> BTreeMap<SavePath, Entry> {
    let mut latest: BTreeMap<SavePath, Change> = BTreeMap::new();
    for change in changes {
        match latest.get(&change.entry.path) {
            Some(known) if known.at_ms > change.at_ms => {}
            _ => drop(latest.insert(change.entry.path.clone(), change)),
        }
    }
    let mut all: BTreeMap<SavePath, Entry> = entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
    all.extend(latest.into_iter().map(|(path, change)| (path, change.entry)));
    all.retain(|_, entry| entry.what != What::Removed);
    all
}

/// What becomes of a version by changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// What is in it from now on, and what the changes have removed from it.
    pub entries: Vec<Entry>,
    /// Whether it is the same as before.
    pub is_same: bool,
    /// How many files there were, and their bytes.
    pub before: (u64, u64),
    /// How many there are.
    pub after: (u64, u64),
}

fn content_of(entry: &Entry) -> Option<i64> {
    if let What::File(content) = &entry.what { Some(content.id) } else { None }
}

impl Merged {
    /// The version after these changes.
    #[must_use]
    pub fn new(entries: Vec<Entry>, changes: Vec<Change>) -> Self {
        let before: BTreeMap<SavePath, Option<i64>> = entries
            .iter()
            .filter(|entry| entry.what != What::Removed)
            .map(|entry| (entry.path.clone(), content_of(entry)))
            .collect();
        let sizes_before = size(&entries);
        let all = overlay(entries, changes);
        let after: BTreeMap<SavePath, Option<i64>> =
            all.iter().map(|(path, entry)| (path.clone(), content_of(entry))).collect();
        let removed = before.keys().filter(|path| !after.contains_key(path)).map(|path| Entry {
            path: path.clone(),
            what: What::Removed,
            modified_ms: None,
        });
        let (is_same, sizes_after) = (before == after, size(all.values()));
        let removed: Vec<Entry> = removed.collect();
        let entries = all.into_values().chain(removed).collect();
        Self { entries, is_same, before: sizes_before, after: sizes_after }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{journal::saves::model::Content, platform::blobs::Digest};

    fn entry(path: &str, content: Option<i64>) -> Entry {
        let what = match content {
            Some(id) => What::File(Content { id, digest: Digest([0; 32]), bytes: 10, blob: None, awaited: false }),
            None => What::Removed,
        };
        Entry { path: SavePath::parse(path).unwrap(), what, modified_ms: None }
    }

    fn change(path: &str, content: Option<i64>, at_ms: i64) -> Change {
        Change { entry: entry(path, content), at_ms }
    }

    #[test]
    fn a_set_that_is_empty_or_under_a_fifth_has_shrunk() {
        for (last, new, has_shrunk) in [
            ((0, 0), (0, 0), false),
            ((1, 100), (0, 0), true),
            ((1, 0), (0, 0), true),
            ((5, 100), (1, 20), false),
            ((5, 100), (1, 19), true),
            ((5, 100), (9, 1000), false),
            ((1, u64::MAX), (1, u64::MAX / 2), false),
        ] {
            assert_eq!(shrinks(last, new), has_shrunk, "{last:?} {new:?}");
        }
    }

    #[test]
    fn the_latest_change_of_a_path_counts_and_what_was_removed_is_told() {
        let base = vec![entry("a", Some(1)), entry("b", Some(2)), entry("old", None)];
        let changes =
            vec![change("a", Some(4), 9), change("a", Some(3), 5), change("b", None, 6), change("c", None, 6)];
        let merged = Merged::new(base.clone(), changes);
        assert_eq!(merged.entries, [entry("a", Some(4)), entry("b", None)], "what was never there is not told");
        assert!(!merged.is_same && merged.before == (2, 20) && merged.after == (1, 10));
        let nothing = Merged::new(base, vec![change("a", Some(1), 1), change("c", Some(9), 1), change("c", None, 2)]);
        assert!(nothing.is_same, "{nothing:?}");
    }

    proptest! {
        #[test]
        fn changes_of_different_devices_to_different_files_are_all_there(
            first in proptest::collection::btree_map("[a-e]", 1..9_i64, 0..5),
            second in proptest::collection::btree_map("[f-j]", 1..9_i64, 0..5),
            order in any::<bool>(),
        ) {
            let changes = |files: &BTreeMap<String, i64>, at_ms| -> Vec<Change> {
                files.iter().map(|(path, id)| change(path, Some(*id), at_ms)).collect()
            };
            let parts = if order { [(&first, 1), (&second, 2)] } else { [(&second, 1), (&first, 2)] };
            let mut version = Vec::new();
            for (files, at_ms) in parts {
                version = Merged::new(version, changes(files, at_ms)).entries;
            }
            let expected: Vec<Entry> =
                first.iter().chain(&second).map(|(path, id)| entry(path, Some(*id))).collect();
            prop_assert_eq!(version, expected);
        }
    }
}
