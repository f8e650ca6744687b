//! What a row of an import makes of an entry.
//!
//! - What a person has written is never overwritten: neither a state nor a score, and no time is added to theirs.
//! - A total time only fills up what is missing: two programs that count the same hours don't add up.
//! - A playthrough is recognised by the row that it comes from, or because it says the same.

use super::{
    entry::{Entry, Playthrough, Score, State, StateChange, Written},
    import::{ImportMode, ImportOptions, ImportSource, ImportedEntry, ImportedPlaythrough},
};
use crate::{catalogue::titles::TitleId, identity::people::Audience, platform::clock};

/// What a row makes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// A new one.
    New(Entry),
    /// This in its place.
    Changed(Entry),
    /// Nothing, and why.
    Same(&'static str),
}

const IS_THERE: &str = "is in the library, and this mode only adds";
const NOT_THERE: &str = "is not in the library, and this mode adds no games";
const NOTHING_NEW: &str = "says nothing new";
const OWN_STAYS: &str = "differs only in what you have written yourself, which stays";

/// What a row makes of the entry of a title.
#[must_use]
pub fn plan(
    existing: Option<&Entry>,
    title: TitleId,
    row: &ImportedEntry,
    source: ImportSource,
    options: ImportOptions,
    now_ms: i64,
) -> Planned {
    let Some(existing) = existing else {
        return match options.mode {
            ImportMode::Time => Planned::Same(NOT_THERE),
            ImportMode::New | ImportMode::All => Planned::New(new_entry(title, row, source, options, now_ms)),
        };
    };
    if options.mode == ImportMode::New {
        return Planned::Same(IS_THERE);
    }
    let mut entry = existing.clone();
    let mut kept = add_time(&mut entry, row, source);
    if options.mode == ImportMode::All {
        kept |= change_values(&mut entry, row, now_ms);
    }
    if entry == *existing {
        return Planned::Same(if kept { OWN_STAYS } else { NOTHING_NEW });
    }
    entry.touch(now_ms);
    Planned::Changed(entry)
}

/// When a row says that its entry came into its state, as far as it does.
fn state_at(row: &ImportedEntry) -> Option<i64> {
    let finished = row.playthroughs.iter().filter_map(|one| one.finished.as_ref()?.midnight());
    let finished = finished.filter_map(|text| clock::parse(&text)).max();
    finished.or(row.active_ms).or(row.added_ms)
}

fn new_entry(title: TitleId, row: &ImportedEntry, source: ImportSource, options: ImportOptions, now_ms: i64) -> Entry {
    let was_played = row.total.is_some_and(|minutes| minutes > 0) || !row.playthroughs.is_empty();
    let guess = if was_played { State::Paused } else { State::Wishlist };
    let state = row.state.or(options.state).unwrap_or(guess);
    let since_ms = state_at(row).unwrap_or(now_ms).min(now_ms);
    let mut entry = Entry {
        title,
        state,
        since_ms,
        added_ms: row.added_ms.unwrap_or(now_ms).min(now_ms),
        changed_ms: now_ms,
        revision: now_ms,
        score: row.score,
        audience: options.audience,
        loose_minutes: 0,
        target: None,
        written: Written::default(),
        playthroughs: Vec::new(),
        history: vec![StateChange { at_ms: since_ms, state }],
    };
    let _kept = add_time(&mut entry, row, source);
    if let Some(own) = &row.own {
        entry.written = Written::ALL;
        entry.audience = own.audience.map_or(options.audience, Audience::stored);
        entry.target.clone_from(&own.target);
        let history = own.history.iter().map(|(at_ms, state)| StateChange { at_ms: *at_ms, state: *state });
        let mut history: Vec<StateChange> = history.collect();
        history.sort_unstable();
        history.dedup();
        if let Some(last) = history.last() {
            (entry.state, entry.since_ms) = (last.state, last.at_ms);
            entry.history = history;
        }
        for one in &mut entry.playthroughs {
            (one.written, one.origin) = (true, None);
        }
    }
    entry
}

/// Changes the state and the score; returns whether something of the person's own stays in the way.
fn change_values(entry: &mut Entry, row: &ImportedEntry, now_ms: i64) -> bool {
    let mut kept = false;
    if let Some(state) = row.state.filter(|state| *state != entry.state) {
        if entry.written.has(Written::STATE) {
            kept = true;
        } else {
            entry.change_state(state, state_at(row).unwrap_or(now_ms).min(now_ms));
        }
    }
    let is_other = |score: &Score| Some(*score) != entry.score;
    if let Some(score) = row.score.filter(is_other) {
        if entry.written.has(Written::SCORE) {
            kept = true;
        } else {
            entry.score = Some(score);
        }
    }
    kept
}

/// Adds playthroughs and missing time; returns whether something of the person's own stays in the way.
fn add_time(entry: &mut Entry, row: &ImportedEntry, source: ImportSource) -> bool {
    let mut kept = false;
    for one in &row.playthroughs {
        kept |= add_playthrough(entry, one, source);
    }
    let missing = row.total.unwrap_or_default().saturating_sub(entry.minutes());
    if missing <= 0 {
        return kept;
    }
    if entry.written.has(Written::TIME) {
        return true;
    }
    add_missing(entry, row.platform.as_ref(), missing, source);
    kept
}

fn origin(source: ImportSource, key: &str) -> String {
    format!("{}:{key}", source.number())
}

/// The key of the playthrough that takes up what a total says beyond all others.
const TOTAL: &str = "total";

fn add_missing(entry: &mut Entry, platform: Option<&String>, missing: i32, source: ImportSource) {
    let Some(platform) = platform else {
        entry.loose_minutes = entry.loose_minutes.saturating_add(missing);
        return;
    };
    let is_open = |one: &&mut Playthrough| {
        !one.written && one.started.is_none() && one.finished.is_none() && one.platform.as_ref() == Some(platform)
    };
    if let Some(open) = entry.playthroughs.iter_mut().find(is_open) {
        open.minutes = Some(open.minutes.unwrap_or_default().saturating_add(missing));
        return;
    }
    let Some(number) = entry.next_number() else {
        entry.loose_minutes = entry.loose_minutes.saturating_add(missing);
        return;
    };
    entry.playthroughs.push(Playthrough {
        number,
        platform: Some(platform.clone()),
        minutes: Some(missing),
        origin: Some(origin(source, TOTAL)),
        ..Playthrough::default()
    });
}

/// Adds a playthrough, or changes the one that came from the same row; returns whether the person's own stays in the way.
fn add_playthrough(entry: &mut Entry, imported: &ImportedPlaythrough, source: ImportSource) -> bool {
    let origin = origin(source, &imported.key);
    let ImportedPlaythrough { platform, started, finished, minutes, grade, .. } = imported.clone();
    let new = Playthrough { platform, started, finished, minutes, grade, ..Playthrough::default() };
    if let Some(known) = entry.playthroughs.iter_mut().find(|one| one.origin.as_ref() == Some(&origin)) {
        if known.written {
            return !known.is_same(&new);
        }
        *known = Playthrough { number: known.number, origin: Some(origin), ..new };
        return false;
    }
    let is_dated = new.started.is_some() || new.finished.is_some();
    let dates = (new.started.clone(), new.finished.clone());
    let is_alike =
        |one: &Playthrough| one.is_same(&new) || (is_dated && (&one.started, &one.finished) == (&dates.0, &dates.1));
    if entry.playthroughs.iter().any(is_alike) {
        return false;
    }
    if let Some(number) = entry.next_number() {
        entry.playthroughs.push(Playthrough { number, origin: Some(origin), ..new });
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::journal::library::model::{OwnParts, PartialDate};

    const ALL: ImportOptions = ImportOptions { mode: ImportMode::All, state: None, audience: Audience::Private };

    fn states() -> impl Strategy<Value = State> {
        use crate::platform::named::Named as _;
        proptest::sample::select(State::MEMBERS)
    }

    fn runs() -> impl Strategy<Value = ImportedPlaythrough> {
        let date = proptest::sample::select(vec![None, Some("2024"), Some("2024-05"), Some("2024-05-06")]);
        let platform = proptest::option::of(proptest::sample::select(vec!["pc", "ps5"]));
        (0..3_u8, platform, date, proptest::option::of(0..500_i32)).prop_map(|(key, platform, date, minutes)| {
            ImportedPlaythrough {
                key: key.to_string(),
                platform: platform.map(str::to_owned),
                finished: date.map(|text| PartialDate::parse(text).unwrap()),
                minutes,
                ..ImportedPlaythrough::default()
            }
        })
    }

    fn rows() -> impl Strategy<Value = ImportedEntry> {
        let platform = proptest::option::of(proptest::sample::select(vec!["pc", "ps5"]));
        let score = proptest::option::of((0..=100_u8).prop_map(Score));
        let total = proptest::option::of(0..5000_i32);
        (proptest::option::of(states()), score, total, platform, proptest::collection::vec(runs(), 0..3)).prop_map(
            |(state, score, total, platform, playthroughs)| ImportedEntry {
                state,
                score,
                total,
                platform: platform.map(str::to_owned),
                playthroughs,
                ..ImportedEntry::default()
            },
        )
    }

    fn apply(existing: Option<Entry>, row: &ImportedEntry, options: ImportOptions) -> Option<Entry> {
        match plan(existing.as_ref(), TitleId(1), row, ImportSource::Playnite, options, 1_000_000) {
            Planned::New(entry) | Planned::Changed(entry) => Some(entry),
            Planned::Same(_) => existing,
        }
    }

    proptest! {
        #[test]
        fn a_row_that_comes_again_changes_nothing(row in rows()) {
            let entry = apply(None, &row, ALL).unwrap();
            let again = plan(Some(&entry), TitleId(1), &row, ImportSource::Playnite, ALL, 2_000_000);
            // A row may name one playthrough twice; what it says last stays then.
            let keys: std::collections::BTreeSet<&str> = row.playthroughs.iter().map(|run| &*run.key).collect();
            if keys.len() == row.playthroughs.len() {
                prop_assert_eq!(again, Planned::Same(NOTHING_NEW));
            }
        }

        #[test]
        fn what_a_person_has_written_stays(first in rows(), second in rows()) {
            let mut entry = apply(None, &first, ALL).unwrap();
            entry.written = Written::ALL;
            entry.playthroughs.iter_mut().for_each(|run| run.written = true);
            let after = apply(Some(entry.clone()), &second, ALL).unwrap();
            prop_assert_eq!((after.state, after.score, after.loose_minutes), (entry.state, entry.score, entry.loose_minutes));
            prop_assert_eq!(&after.playthroughs[..entry.playthroughs.len()], &entry.playthroughs[..]);
        }

        #[test]
        fn time_never_becomes_less_by_a_total(first in rows(), total in 0..5000_i32) {
            let entry = apply(None, &first, ALL).unwrap();
            let row = ImportedEntry { total: Some(total), ..ImportedEntry::default() };
            let after = apply(Some(entry.clone()), &row, ALL).unwrap();
            prop_assert_eq!(after.minutes(), entry.minutes().max(total));
        }

        #[test]
        fn a_mode_does_no_more_than_it_says(first in rows(), second in rows()) {
            let options = |mode| ImportOptions { mode, ..ALL };
            let entry = apply(None, &first, ALL).unwrap();
            prop_assert_eq!(apply(Some(entry.clone()), &second, options(ImportMode::New)), Some(entry.clone()));
            prop_assert_eq!(apply(None, &second, options(ImportMode::Time)), None);
            let timed = apply(Some(entry.clone()), &second, options(ImportMode::Time)).unwrap();
            prop_assert_eq!((timed.state, timed.score, timed.history), (entry.state, entry.score, entry.history));
        }

        #[test]
        fn the_last_change_of_state_is_the_present_one(first in rows(), second in rows()) {
            let entry = apply(apply(None, &first, ALL), &second, ALL).unwrap();
            prop_assert_eq!(entry.history.last(), Some(&StateChange { at_ms: entry.since_ms, state: entry.state }));
            prop_assert!(entry.history.windows(2).all(|pair| pair[0].at_ms < pair[1].at_ms));
        }
    }

    #[test]
    fn our_own_export_brings_the_history_and_counts_as_written() {
        let own = OwnParts {
            audience: Some(Audience::Public.number()),
            history: vec![(20, State::Completed), (10, State::Wishlist), (20, State::Completed)],
            ..OwnParts::default()
        };
        let row = ImportedEntry { state: Some(State::Completed), own: Some(own), ..ImportedEntry::default() };
        let entry = apply(None, &row, ALL).unwrap();
        let history =
            [(10, State::Wishlist), (20, State::Completed)].map(|(at_ms, state)| StateChange { at_ms, state });
        assert_eq!((entry.history.as_slice(), entry.since_ms), (&history[..], 20));
        assert_eq!((entry.audience, entry.written), (Audience::Public, Written::ALL));
    }
}
