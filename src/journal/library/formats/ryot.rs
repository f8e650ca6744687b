//! Games of Ryot's export, and of vglist's: both are JSON with one object for each game.

use serde_json::Value;

use super::{
    cells::{self, score},
    clean_name, dates,
    status::status,
};
use crate::journal::library::model::{GameNames, ImportedEntry, ImportedPlaythrough, ImportedRow, State, minutes};

/// A number that may be written as a text.
fn number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether an item is of Ryot.
pub fn is_item(item: &Value) -> bool {
    item.get("lot").is_some() && item.get("seen_history").is_some()
}

/// An item of Ryot's `metadata`. `manual_time_spent` is in seconds.
pub fn read_item(item: &Value) -> Result<ImportedRow, String> {
    let lot = item["lot"].as_str().unwrap_or_default();
    if lot != "video_game" && lot != "VideoGame" {
        return Err(format!("is of the type {lot:?}, and only games have a place in the library"));
    }
    let name = clean_name(item["source_id"].as_str().or(item["title"].as_str()).unwrap_or_default());
    let external = item["source"].as_str().zip(item["identifier"].as_str());
    let external: Vec<(String, String)> = external
        .filter(|(source, _)| *source != "custom")
        .map(|(source, id)| (source.to_owned(), id.to_owned()))
        .into_iter()
        .collect();
    let name = match (&*name, external.first()) {
        ("", None) => return Err("has neither a name nor an id".to_owned()),
        ("", Some((source, id))) => format!("{source} {id}"),
        _ => name,
    };
    let mut entry = ImportedEntry::default();
    let runs = item["seen_history"].as_array();
    for (place, run) in runs.into_iter().flatten().enumerate() {
        let (state, playthrough) = seen(place, run)?;
        entry.state = state.or(entry.state);
        entry.playthroughs.extend(playthrough);
    }
    let collections = || item["collections"].as_array().into_iter().flatten();
    let shelved = collections().filter_map(|one| Some(status(one["collection_name"].as_str()?)?.0));
    entry.state = entry.state.or_else(|| shelved.max_by_key(|state| *state == State::Completed));
    entry.added_ms = collections().filter_map(|one| dates::moment(one["created_on"].as_str()?)).min();
    let reviews = || item["reviews"].as_array().into_iter().flatten();
    let ratings: Vec<String> = reviews().filter_map(|review| number(&review["rating"])).collect();
    entry.score = ratings.last().map(|text| score(text, 100)).transpose()?;
    let has_text = reviews()
        .any(|review| review.pointer("/review/text").and_then(Value::as_str).is_some_and(|text| !text.is_empty()));
    let left_out = if has_text { vec!["review"] } else { Vec::new() };
    let game = GameNames { name, external, ..GameNames::default() };
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}

fn seen(place: usize, run: &Value) -> Result<(Option<State>, Option<ImportedPlaythrough>), String> {
    let known = run["state"].as_str().and_then(status);
    let date = |name: &str| run[name].as_str().and_then(dates::date);
    let time = number(&run["manual_time_spent"]).map(|text| {
        let seconds = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
        seconds.ok_or_else(|| format!("has the time {text:?}, which is no number of seconds"))
    });
    let time = time.transpose()?.map(minutes::of_seconds).transpose();
    let minutes = time.map_err(|why| format!("has a time that {why}"))?;
    let (started, finished) = (date("started_on"), date("ended_on").or_else(|| date("finished_on")));
    let consumed = run.pointer("/providers_consumed_on/0");
    let platform = consumed.and_then(Value::as_str).and_then(cells::platform);
    let playthrough = ImportedPlaythrough {
        key: place.to_string(),
        platform,
        started,
        finished,
        minutes,
        grade: known.and_then(|(_, grade)| grade),
    };
    let says_something = playthrough.started.is_some() || playthrough.finished.is_some() || minutes.is_some();
    Ok((known.map(|(state, _)| state), says_something.then_some(playthrough)))
}

/// Whether an item is of vglist.
pub fn is_vglist_item(item: &Value) -> bool {
    item.get("completion_status").is_some() && item.get("game").is_some_and(Value::is_object)
}

/// The ids of other catalogues that vglist keeps.
const EXTERNAL: [(&str, &str); 3] =
    [("giantbomb_id", "giantbomb"), ("wikidata_id", "wikidata"), ("mobygames_id", "mobygames")];

/// An item of vglist.
pub fn read_vglist_item(item: &Value) -> Result<ImportedRow, String> {
    let game = &item["game"];
    let name = clean_name(game["name"].as_str().unwrap_or_default());
    if name.is_empty() {
        return Err("has no name".to_owned());
    }
    let ids = EXTERNAL.iter().filter_map(|(member, source)| Some(((*source).to_owned(), number(&game[*member])?)));
    let platform = item.pointer("/platforms/0/name").and_then(Value::as_str).and_then(cells::platform);
    let names = GameNames {
        name,
        year: game["release_date"].as_str().and_then(dates::year),
        platform: platform.clone(),
        external: ids.collect(),
        id: None,
    };
    let known = match item["completion_status"].as_str() {
        Some(text) => Some(status(text).ok_or_else(|| format!("has the status {text:?}, which is not known here"))?),
        None => None,
    };
    let hours = number(&item["hours_played"]).map(|text| minutes::of_hours(&text)).transpose();
    let total = hours.map_err(|why| format!("has hours_played that {why}"))?;
    let date = |name: &str| item[name].as_str().and_then(dates::date);
    let (started, finished) = (date("start_date"), date("completion_date"));
    let grade = known.and_then(|(_, grade)| grade);
    let mut entry = ImportedEntry {
        state: known.map(|(state, _)| state),
        score: number(&item["rating"]).map(|text| score(&text, 100)).transpose()?,
        total,
        platform: platform.clone(),
        added_ms: item["created_at"].as_str().and_then(dates::moment),
        ..ImportedEntry::default()
    };
    if started.is_some() || finished.is_some() {
        let run = ImportedPlaythrough {
            platform,
            started,
            finished,
            minutes: total,
            grade,
            ..ImportedPlaythrough::default()
        };
        entry.playthroughs.push(run);
    }
    let left_out =
        if item["comments"].as_str().is_some_and(|text| !text.is_empty()) { vec!["comments"] } else { Vec::new() };
    Ok(ImportedRow { game: names, entry, left_out, ..ImportedRow::default() })
}
