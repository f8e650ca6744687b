//! Games of Steam's `IPlayerService/GetOwnedGames`.

use serde_json::Value;

use super::clean_name;
use crate::journal::library::model::{GameNames, ImportedEntry, ImportedRow, State, minutes};

/// Reads a game. Without `include_appinfo` it has no name, and is known by its id alone.
pub fn read_item(item: &Value) -> Result<ImportedRow, String> {
    let id = item["appid"].as_i64().ok_or_else(|| "has no appid".to_owned())?;
    let name = clean_name(item["name"].as_str().unwrap_or_default());
    let name = if name.is_empty() { format!("Steam app {id}") } else { name };
    let game = GameNames { name, external: vec![("steam".to_owned(), id.to_string())], ..GameNames::default() };
    let total = item["playtime_forever"].as_i64().unwrap_or_default();
    let total = i32::try_from(total).ok().filter(|total| (0..=minutes::MAX_MINUTES).contains(total));
    let total = total.ok_or_else(|| "has a time that is out of range".to_owned())?;
    let is_played = item["playtime_2weeks"].as_i64().is_some_and(|minutes| minutes > 0);
    let last = item["rtime_last_played"].as_i64().filter(|seconds| *seconds > 0);
    let entry = ImportedEntry {
        // Of the others Steam says only that they are owned.
        state: is_played.then_some(State::Ongoing),
        total: Some(total),
        platform: Some("pc".to_owned()),
        active_ms: last.and_then(|seconds| seconds.checked_mul(1000)),
        ..ImportedEntry::default()
    };
    Ok(ImportedRow { game, entry, ..ImportedRow::default() })
}
