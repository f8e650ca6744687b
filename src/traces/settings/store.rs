//! The SQL of games' rules. A row carries the revision at which it was changed, which it shares with the keys.

use entity::control::traces::game_rules;
use sea_orm::{
    ColumnTrait, DbErr, FromQueryResult,
    sea_query::{OnConflict, Query},
};

use super::model::{self, Rules, RulesPatch, SettingsError};
use crate::{
    identity::{access::Environment, studios::SettingsTx},
    platform::{
        db::{Database, MovableTable},
        error::StoreError,
    },
};

/// The control tables whose rows belong to a game, by a column `game`: they move with it, and are deleted with it.
#[must_use]
pub fn game_tables() -> Vec<MovableTable> {
    vec![MovableTable::of::<game_rules::Entity>()]
}

/// The rules of a game in one environment, as they are stored.
#[derive(Clone, Debug)]
pub struct StoredRules {
    /// The game's id.
    pub game: i32,
    /// The environment.
    pub environment: Environment,
    /// The rules.
    pub rules: Rules,
}

/// Rules of games. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct ChangedRow {
    game: i32,
    environment: String,
    rules: String,
}

#[derive(FromQueryResult)]
struct RulesRow {
    rules: String,
}

/// Reads stored rules. What can't be read was written by a newer version: then those of a new game.
fn parse(text: &str) -> Rules {
    let parsed = RulesPatch::parse_stored(text).and_then(|patch| Ok(apply(patch, &Rules::default())?));
    parsed.unwrap_or_else(|error: SettingsError| {
        tracing::warn!(%error, "reading the rules of a game failed: were they written by a newer version?");
        Rules::default()
    })
}

fn unserialisable(error: &serde_json::Error) -> StoreError {
    StoreError::Statement(DbErr::Json(error.to_string()))
}

fn apply(patch: RulesPatch, rules: &Rules) -> Result<Rules, StoreError> {
    patch.apply(rules).map_err(|error| unserialisable(&error))
}

impl Store {
    /// A store on that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The rules that were changed after a revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn changed_rules(&self, after: i64) -> Result<Vec<StoredRules>, StoreError> {
        let control = self.database.control();
        let select = Query::select()
            .columns([game_rules::Column::Game, game_rules::Column::Environment, game_rules::Column::Rules])
            .from(control.table(game_rules::Entity))
            .and_where(game_rules::Column::Revision.gt(after))
            .to_owned();
        let rows: Vec<ChangedRow> = control.all(&select).await?;
        let stored = |row: ChangedRow| {
            let environment = Environment::parse(&row.environment)?;
            Some(StoredRules { game: row.game, environment, rules: parse(&row.rules) })
        };
        Ok(rows.into_iter().filter_map(stored).collect())
    }

    /// Applies a patch, to `defaults` where the game has no rules yet. Returns the rules then, and the differences: nothing
    /// is written where there are none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update_rules(
        &self,
        change: &SettingsTx,
        patch: RulesPatch,
        defaults: &Rules,
    ) -> Result<(Rules, String), StoreError> {
        let stored = self.rules(change).await?;
        let before = stored.as_ref().unwrap_or(defaults);
        let after = apply(patch, before)?;
        let differences = model::differences(before, &after).map_err(|error| unserialisable(&error))?;
        if !differences.is_empty() {
            self.save_rules(change, &after).await?;
        }
        Ok((after, differences))
    }

    async fn rules(&self, change: &SettingsTx) -> Result<Option<Rules>, StoreError> {
        let control = self.database.control();
        let select = Query::select()
            .column(game_rules::Column::Rules)
            .from(control.table(game_rules::Entity))
            .and_where(game_rules::Column::Game.eq(change.game().id))
            .and_where(game_rules::Column::Environment.eq(change.environment().name()))
            .to_owned();
        let rows: Vec<RulesRow> = control.returned(change.transaction(), &select).await?;
        Ok(rows.first().map(|row| parse(&row.rules)))
    }

    async fn save_rules(&self, change: &SettingsTx, rules: &Rules) -> Result<(), StoreError> {
        let control = self.database.control();
        let text = model::print(rules).map_err(|error| unserialisable(&error))?;
        let key = [game_rules::Column::Game, game_rules::Column::Environment];
        let insert = Query::insert()
            .into_table(control.table(game_rules::Entity))
            .columns(key.into_iter().chain([game_rules::Column::Rules, game_rules::Column::Revision]))
            .values_panic([
                change.game().id.into(),
                change.environment().name().into(),
                text.into(),
                change.revision().into(),
            ])
            .on_conflict(
                OnConflict::columns(key)
                    .update_columns([game_rules::Column::Rules, game_rules::Column::Revision])
                    .to_owned(),
            )
            .to_owned();
        control.execute(change.transaction(), &insert).await?;
        Ok(())
    }
}
