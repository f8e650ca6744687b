//! Rows of `HowLongToBeat`. Each is one playthrough on one platform, so a game may have several.

use super::{
    cells::{self, Cells},
    dates,
};
use crate::journal::library::model::{
    GameNames, Grade, ImportedEntry, ImportedPlaythrough, ImportedRow, State, minutes,
};

/// The marks of states, in the order in which they count where a row has several.
const MARKS: [(&str, State); 5] = [
    ("retired", State::Dropped),
    ("playing", State::Ongoing),
    ("replay", State::Ongoing),
    ("completed", State::Completed),
    ("backlog", State::Wishlist),
];

/// The columns with times, and how far a run went that has one: of several the one that went farthest counts.
const TIMES: [(&str, Grade); 3] =
    [("completionist", Grade::Everything), ("mainextras", Grade::Story), ("mainstory", Grade::Story)];

/// The columns with words that an entry has no place for.
const TEXTS: [(&str, &str); 3] = [("generalnotes", "notes"), ("reviewnotes", "review"), ("retirednotes", "notes")];

/// Reads a row.
pub fn read(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let platform = cells.given("platform").and_then(cells::platform);
    let game = GameNames { name: cells.name("title")?, platform: platform.clone(), ..GameNames::default() };
    let state = MARKS.iter().find(|(mark, _)| !cells.text(mark).is_empty()).map(|(_, state)| *state);
    let time = |column: &str| minutes::of_stopwatch(cells.text(column)).filter(|minutes| *minutes > 0);
    let done = TIMES.iter().find_map(|(column, grade)| Some((time(column)?, *grade)));
    let minutes = time("progress").or(done.map(|(minutes, _)| minutes));
    let grade = match state {
        Some(State::Dropped) => Some(Grade::Abandoned),
        _ => done.map(|(_, grade)| grade),
    };
    let score = cells.given("review").filter(|text| *text != "0").map(|text| cells::score(text, 100)).transpose()?;
    let (started, finished) = (dates::date(cells.text("startdate")), dates::date(cells.text("completiondate")));
    let mut entry = ImportedEntry {
        state,
        score,
        added_ms: dates::moment(cells.text("added")),
        active_ms: dates::moment(cells.text("updated")),
        ..ImportedEntry::default()
    };
    if started.is_some() || finished.is_some() || minutes.is_some() || grade.is_some() {
        let key = format!("{}/{}", platform.as_deref().unwrap_or_default(), cells.text("playthrough"));
        entry.playthroughs.push(ImportedPlaythrough { key, platform, started, finished, minutes, grade });
    }
    let mut left_out: Vec<&str> =
        TEXTS.iter().filter(|(column, _)| !cells.text(column).is_empty()).map(|(_, what)| *what).collect();
    left_out.dedup();
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}
