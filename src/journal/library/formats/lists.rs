//! Rows of programs that write plain lists: GOG Galaxy's database, Backloggd, IGDB, Yamtrack.

use super::{
    cells::{self, Cells},
    dates,
    status::status,
};
use crate::journal::library::model::{GameNames, ImportedEntry, ImportedPlaythrough, ImportedRow, State, minutes};

/// A row of GOG Galaxy: `gameMins` is the time, and `platformList` the stores that have the game.
pub fn read_gog(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let game =
        GameNames { name: cells.name("title")?, year: dates::year(cells.text("releasedate")), ..GameNames::default() };
    let total = cells.given("gamemins").map(|text| {
        let minutes = text.split('.').next().unwrap_or(text);
        minutes::duration(minutes).map_err(|_| format!("has {text:?} as its minutes"))
    });
    let entry =
        ImportedEntry { total: total.transpose()?, platform: Some("pc".to_owned()), ..ImportedEntry::default() };
    let left_out = if cells.text("tags").is_empty() { Vec::new() } else { vec!["tags"] };
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}

/// A row of Backloggd: ratings are of 5 stars.
pub fn read_backloggd(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    backloggd(cells, "title")
}

/// The same, where the column of names is called `Game`.
pub fn read_backloggd_game(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    backloggd(cells, "game")
}

fn is_yes(text: &str) -> bool {
    ["yes", "true", "1", "x"].contains(&text.to_lowercase().as_str())
}

fn backloggd(cells: &Cells<'_>, name: &str) -> Result<ImportedRow, String> {
    let game = GameNames { name: cells.name(name)?, ..GameNames::default() };
    let score = cells.given("rating").map(|text| cells::score(text, 5)).transpose()?;
    let known = match cells.given("status") {
        Some(text) => Some(status(text).ok_or_else(|| format!("has the status {text:?}, which is not known here"))?.0),
        None => None,
    };
    let is_waiting = is_yes(cells.text("backlog")) || is_yes(cells.text("wishlist"));
    let state = known.or(is_waiting.then_some(State::Wishlist));
    let entry = ImportedEntry { state, score, ..ImportedEntry::default() };
    Ok(ImportedRow { game, entry, ..ImportedRow::default() })
}

/// A row of a list of IGDB. A rating of 0 is none.
pub fn read_igdb(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let external = cells.given("id").map(|id| ("igdb".to_owned(), id.to_owned()));
    let game = GameNames {
        name: cells.name("game")?,
        year: dates::year(cells.text("releasedate")),
        platform: cells::first_platform(cells.text("platforms")),
        external: external.into_iter().collect(),
        id: None,
    };
    let rating = cells.given("rating").filter(|text| text.parse() != Ok(0.0_f64));
    let score = rating.map(|text| cells::score(text, 100)).transpose()?;
    let entry = ImportedEntry { score, ..ImportedEntry::default() };
    let left_out = if cells.text("description").is_empty() { Vec::new() } else { vec!["description"] };
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}

/// A row of Yamtrack: games alone; scores are of 10, the progress is a time.
pub fn read_yamtrack(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let sort = cells.text("mediatype");
    if sort != "game" {
        return Err(format!("is of the type {sort:?}, and only games have a place in the library"));
    }
    let is_foreign = |source: &&str| ["igdb", "steam"].contains(source);
    let external = cells.given("source").filter(is_foreign).zip(cells.given("mediaid"));
    let game = GameNames {
        name: cells.name("title")?,
        external: external.map(|(source, id)| (source.to_owned(), id.to_owned())).into_iter().collect(),
        ..GameNames::default()
    };
    let score = cells.given("score").map(|text| cells::score(text, 10)).transpose()?;
    let (state, grade) = match cells.given("status") {
        Some(text) => status(text).ok_or_else(|| format!("has the status {text:?}, which is not known here"))?,
        None => (State::Wishlist, None),
    };
    let minutes = cells
        .given("progress")
        .map(|text| minutes::duration(text).map_err(|_| format!("has the progress {text:?}, which is no time")));
    let minutes = minutes.transpose()?;
    let (started, finished) = (dates::date(cells.text("startdate")), dates::date(cells.text("enddate")));
    let mut entry = ImportedEntry {
        state: Some(state),
        score,
        total: minutes,
        active_ms: dates::moment(cells.text("progresschanged")),
        ..ImportedEntry::default()
    };
    if started.is_some() || finished.is_some() {
        let run = ImportedPlaythrough { started, finished, minutes, grade, ..ImportedPlaythrough::default() };
        entry.playthroughs.push(run);
    }
    let left_out = if cells.text("notes").is_empty() { Vec::new() } else { vec!["notes"] };
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}
