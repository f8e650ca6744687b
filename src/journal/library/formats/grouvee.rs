//! Rows of Grouvee, whose cells hold JSON; of 15 columns, and of 20 since 2026.

use serde_json::Value;

use super::{
    cells::{self, Cells},
    dates,
    status::status,
};
use crate::journal::library::model::{
    GameNames, Grade, ImportedEntry, ImportedPlaythrough, ImportedRow, State, minutes,
};

/// The columns with ids of other catalogues.
const EXTERNAL: [(&str, &str); 2] = [("igdbid", "igdb"), ("giantbombid", "giantbomb")];

/// Reads a row.
pub fn read(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let ids =
        EXTERNAL.iter().filter_map(|(column, source)| Some(((*source).to_owned(), cells.given(column)?.to_owned())));
    let platforms = cells::json(cells.text("platforms"), "platforms")?;
    let first = platforms.as_ref().and_then(Value::as_object).and_then(|names| names.keys().next());
    let platform = cells.given("reviewplatform").or(first.map(String::as_str)).and_then(cells::platform);
    let game = GameNames {
        name: cells.name("name")?,
        year: dates::year(cells.text("releasedate")),
        platform: platform.clone(),
        external: ids.collect(),
        id: None,
    };
    let shelves = cells::json(cells.text("shelves"), "shelves")?;
    let shelves = shelves.as_ref().and_then(Value::as_object);
    let added = cells.given("dateaddedtocollection").and_then(dates::moment);
    let first_shelved = || {
        let times = shelves.iter().flat_map(|shelves| shelves.values());
        times.filter_map(|shelf| dates::moment(shelf["date_added"].as_str()?)).min()
    };
    let mut entry = ImportedEntry {
        score: cells.given("rating").map(|text| cells::score(text, 5)).transpose()?,
        added_ms: added.or_else(first_shelved),
        ..ImportedEntry::default()
    };
    let runs = cells::json(cells.text("dates"), "dates")?;
    for (place, run) in runs.iter().filter_map(Value::as_array).flatten().enumerate() {
        entry.playthroughs.push(playthrough(place, run, platform.clone())?);
    }
    let names = shelves.iter().flat_map(|shelves| shelves.keys());
    let on_shelf = names.filter_map(|name| status(name)).map(|(state, _)| state);
    entry.state = state(&on_shelf.collect::<Vec<_>>(), &entry.playthroughs);
    let mut left_out = Vec::new();
    if !cells.text("review").is_empty() {
        left_out.push("review");
    }
    if cells::json(cells.text("statuses"), "statuses")?
        .is_some_and(|list| list.as_array().is_some_and(|list| !list.is_empty()))
    {
        left_out.push("status updates");
    }
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}

fn playthrough(place: usize, run: &Value, platform: Option<String>) -> Result<ImportedPlaythrough, String> {
    let date = |name: &str| run[name].as_str().and_then(dates::date);
    let minutes = run["seconds_played"].as_i64().filter(|seconds| *seconds > 0).map(minutes::of_seconds);
    let minutes = minutes.transpose().map_err(|why| format!("has a playthrough that {why}"))?;
    Ok(ImportedPlaythrough {
        key: place.to_string(),
        platform,
        started: date("date_started"),
        finished: date("date_finished"),
        minutes,
        grade: run["level_of_completion"].as_str().and_then(status).and_then(|(_, grade)| grade),
    })
}

/// The state that shelves and playthroughs tell. A game is put on a shelf and stays there: what was finished counts most.
fn state(shelves: &[State], runs: &[ImportedPlaythrough]) -> Option<State> {
    let is_open = |run: &ImportedPlaythrough| run.started.is_some() && run.finished.is_none();
    let is_done = |run: &ImportedPlaythrough| run.finished.is_some() && run.grade != Some(Grade::Abandoned);
    let on = |state: State| shelves.contains(&state);
    if on(State::Ongoing) {
        return Some(State::Ongoing);
    }
    if on(State::Completed) || runs.iter().any(is_done) {
        return Some(State::Completed);
    }
    if runs.iter().any(|run| run.grade == Some(Grade::Abandoned)) || on(State::Dropped) {
        return Some(State::Dropped);
    }
    // The shelf `Played` says neither that it was finished nor that it was not.
    [State::Paused, State::Wishlist]
        .into_iter()
        .find(|state| on(*state))
        .or(runs.iter().any(is_open).then_some(State::Ongoing))
}
