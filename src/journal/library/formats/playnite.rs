//! Games of Playnite: its JSON, the CSV of the extension for advanced exports, and the CSV of the script that comes with it.

use serde_json::Value;

use super::{
    cells::{self, Cells},
    clean_name, dates,
    status::status,
};
use crate::journal::library::model::{GameNames, ImportedEntry, ImportedRow, Score, State, minutes};

/// Ids of plug-ins whose games have the ids of a store, and the store.
const PLUGINS: [(&str, &str); 2] =
    [("cb91dfc9-b977-43bf-8e70-55f46e410fab", "steam"), ("aebe8b7c-6dc3-4a66-af31-e7375c6b5e9e", "gog")];

fn external(plugin: &str, id: &str) -> Vec<(String, String)> {
    let plugin = plugin.to_lowercase();
    let store = PLUGINS.iter().find(|(known, _)| *known == plugin).map(|(_, store)| (*store).to_owned());
    store.map(|store| (store, id.to_owned())).filter(|_| !id.is_empty()).into_iter().collect()
}

/// The state of a word of Playnite's, which its users may have made themselves: then it says nothing.
fn state(text: &str) -> Option<State> {
    status(text).map(|(state, _)| state)
}

fn seconds(text: &str, column: &str) -> Result<Option<i32>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let seconds: i64 = text.parse().map_err(|_| format!("has {text:?} in {column}, which is no number of seconds"))?;
    minutes::of_seconds(seconds).map(Some).map_err(|why| format!("has a time that {why}"))
}

/// A row of the extension.
pub fn read_advanced(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let platform = cells::first_platform(cells.text("platforms"));
    let game = GameNames {
        name: cells.name("name")?,
        year: dates::year(cells.text("releasedate")),
        platform: platform.clone(),
        external: external(cells.text("pluginid"), cells.text("gameid")),
        id: None,
    };
    let entry = ImportedEntry {
        state: state(cells.text("completionstatus")),
        score: cells.given("userscore").map(|text| cells::score(text, 100)).transpose()?,
        total: seconds(cells.text("timeplayed"), "Time Played")?,
        platform,
        added_ms: dates::moment(cells.text("added")),
        active_ms: dates::moment(cells.text("lastplayed")),
        ..ImportedEntry::default()
    };
    let texts = [("notes", "notes"), ("categories", "categories"), ("tags", "tags")];
    let left_out = texts.iter().filter(|(column, _)| !cells.text(column).is_empty()).map(|(_, what)| *what).collect();
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}

/// A row of the script.
pub fn read_script(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let game =
        GameNames { name: cells.name("name")?, year: dates::year(cells.text("releasedate")), ..GameNames::default() };
    let entry = ImportedEntry { total: seconds(cells.text("playtime"), "Playtime")?, ..ImportedEntry::default() };
    Ok(ImportedRow { game, entry, ..ImportedRow::default() })
}

/// Whether an item of a list is a game of Playnite.
pub fn is_item(item: &Value) -> bool {
    item.get("Name").is_some() && (item.get("Playtime").is_some() || item.get("PluginId").is_some())
}

/// An item of the JSON.
pub fn read_item(item: &Value) -> Result<ImportedRow, String> {
    let text = |name: &str| item[name].as_str().unwrap_or_default();
    let name = clean_name(text("Name"));
    if name.is_empty() {
        return Err("has no name".to_owned());
    }
    let released = &item["ReleaseDate"];
    let year = released["Year"].as_i64().and_then(|year| i32::try_from(year).ok());
    let platform = item.pointer("/Platforms/0/Name").and_then(Value::as_str).and_then(cells::platform);
    let game = GameNames {
        name,
        year: year.or_else(|| dates::year(released.as_str()?)),
        platform: platform.clone(),
        external: external(text("PluginId"), text("GameId")),
        id: None,
    };
    let played = item["Playtime"].as_i64().map(minutes::of_seconds).transpose();
    let score = item["UserScore"]
        .as_i64()
        .map(|score| Score::of(score).ok_or_else(|| format!("has the score {score}, which is not within 0 and 100")));
    let entry = ImportedEntry {
        state: state(item.pointer("/CompletionStatus/Name").and_then(Value::as_str).unwrap_or_default()),
        score: score.transpose()?,
        total: played.map_err(|why| format!("has a time that {why}"))?,
        platform,
        added_ms: dates::moment(text("Added")),
        active_ms: dates::moment(text("LastActivity")),
        ..ImportedEntry::default()
    };
    let left_out = if text("Notes").is_empty() { Vec::new() } else { vec!["notes"] };
    Ok(ImportedRow { game, entry, left_out, ..ImportedRow::default() })
}
