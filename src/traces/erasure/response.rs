//! The answers of erasure.

use std::collections::HashMap;

use poem_openapi::{ApiResponse, Object, types::Example};
use serde_json::{Value, json};

use super::model::PlayerExport;
use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::examples::{self, TIME_MS},
};

/// The answer with all that is stored about a player.
#[derive(ApiResponse)]
pub enum PlayerExported {
    /// All that is stored about the player.
    #[oai(status = 200)]
    Export(NoStore<PlayerExportResponse>),
}

/// All that is stored about a player, as it is stored.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerExport")]
pub struct PlayerExportResponse {
    /// The player's id.
    player_id: String,
    /// When it was made.
    exported_at: Timestamp,
    /// The rows of each table, each an object of its columns: `player`, `v0_name`, `player_token` (sign-ins), `trace`,
    /// `trace_ref`, `upload`, `vote`, `trace_use`, `report`, `hidden_author`, `inbox` and `ban`. Secrets are left out; a
    /// recording is fetched by its id.
    tables: HashMap<String, Vec<Value>>,
}

impl Example for PlayerExportResponse {
    fn example() -> Self {
        let row = json!({"id": examples::player(), "world": 1, "created_at_ms": TIME_MS});
        Self {
            player_id: examples::player(),
            exported_at: Timestamp(TIME_MS),
            tables: HashMap::from([("player".to_owned(), vec![row])]),
        }
    }
}

/// The table of the names that v0 clients of a player have used.
const LEGACY_NAMES: &str = "seed_name";

impl From<PlayerExport> for PlayerExportResponse {
    fn from(export: PlayerExport) -> Self {
        let mut tables = HashMap::<String, Vec<Value>>::new();
        for (name, rows) in export.tables {
            // The table has an earlier name of the idea.
            let name = if name == LEGACY_NAMES { "v0_name" } else { name };
            tables.entry(name.to_owned()).or_default().extend(rows.into_iter().map(Value::Object));
        }
        Self { player_id: export.player.id.to_string(), exported_at: Timestamp(export.exported_at_ms), tables }
    }
}

impl From<PlayerExport> for PlayerExported {
    fn from(export: PlayerExport) -> Self {
        Self::Export(NoStore(export.into()))
    }
}

impl PlayerExportResponse {
    /// As JSON, for the command line.
    #[must_use]
    pub fn to_json(&self) -> String {
        poem_openapi::types::ToJSON::to_json_string(self)
    }
}
