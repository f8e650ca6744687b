//! The SQL of what games decide. Who changes it raises the revision of all keys, as who changes a key does: so that
//! changes wait for each other, and one look tells both.

use entity::control::{
    identity::{game, studio},
    traces::game_rules,
};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

use super::Store;
use crate::{
    identity::{
        access::model::Environment,
        studios::{
            model::{Actor, Game, StudioError},
            rules::{self, Change},
        },
    },
    platform::{db::StudioId, error::StoreError},
    traces::rules::Rules,
};

/// What a game has decided for one of its worlds.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Whose game it is.
    pub studio: StudioId,
    /// What the studio is called in addresses,
    pub studio_slug: String,
    /// and the game.
    pub game: String,
    /// For which of the game's worlds.
    pub environment: Environment,
    /// That world, in the studio's own tables.
    pub world: i32,
    /// What it has decided.
    pub rules: Rules,
}

#[derive(FromQueryResult)]
struct DecidedRow {
    studio: i32,
    studio_slug: String,
    slug: String,
    live_world: i32,
    dev_world: i32,
    environment: String,
    rules: String,
}

#[derive(FromQueryResult)]
struct RulesRow {
    rules: String,
}

/// Rules as they were written down. What can't be read has been written by a newer program: then a new game's.
fn stored(text: &str) -> Rules {
    let read = || Change::read(text.as_bytes())?.apply(&Rules::default()).map_err(|error| unwritable(&error));
    read().unwrap_or_else(|error: StudioError| {
        tracing::warn!(%error, "the rules of a game can't be read; were they made by a newer program?");
        Rules::default()
    })
}

fn unwritable(error: &serde_json::Error) -> StudioError {
    StudioError::Store(StoreError::Statement(sea_orm::DbErr::Json(error.to_string())))
}

impl Store {
    /// What games have decided after a revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decided(&self, after: i64) -> Result<Vec<Decided>, StoreError> {
        let control = self.database.control();
        let select = Query::select()
            .columns([
                ("game", game::Column::Studio),
                ("game", game::Column::Slug),
                ("game", game::Column::LiveWorld),
                ("game", game::Column::DevWorld),
            ])
            .expr_as(Expr::col(("studio", studio::Column::Slug)), "studio_slug")
            .columns([("game_rules", game_rules::Column::Environment), ("game_rules", game_rules::Column::Rules)])
            .from(control.table(game_rules::Entity))
            .inner_join(
                control.table(game::Entity),
                Expr::col(("game", game::Column::Id)).equals(("game_rules", game_rules::Column::Game)),
            )
            .inner_join(
                control.table(studio::Entity),
                Expr::col(("studio", studio::Column::Id)).equals(("game", game::Column::Studio)),
            )
            .and_where(Expr::col(("game_rules", game_rules::Column::Revision)).gt(after))
            .to_owned();
        let rows: Vec<DecidedRow> = control.all(&select).await?;
        let decided = |row: DecidedRow| {
            let environment = Environment::of_name(&row.environment)?;
            let world = match environment {
                Environment::Live => row.live_world,
                Environment::Dev => row.dev_world,
            };
            let (studio, studio_slug, game) = (StudioId(row.studio), row.studio_slug, row.slug);
            Some(Decided { studio, studio_slug, game, environment, world, rules: stored(&row.rules) })
        };
        Ok(rows.into_iter().filter_map(decided).collect())
    }

    /// Changes what a game has decided for an environment, `new` where that is nothing yet; returns all that it has decided
    /// then.
    ///
    /// # Errors
    /// [`StudioError::Store`].
    pub async fn decide(
        &self,
        game: &Game,
        environment: Environment,
        change: Change,
        new: &Rules,
        actor: Actor<'_>,
    ) -> Result<Rules, StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        // First, so that no other change comes between reading and writing.
        let revision = self.raise(&transaction).await?;
        let of_this = game_rules::Column::Game.eq(game.id).and(game_rules::Column::Environment.eq(environment.name()));
        let select = Query::select()
            .column(game_rules::Column::Rules)
            .from(control.table(game_rules::Entity))
            .and_where(of_this)
            .to_owned();
        let rows: Vec<RulesRow> = control.returned(&transaction, &select).await?;
        let before = rows.first().map_or_else(|| new.clone(), |row| stored(&row.rules));
        let after = change.apply(&before).map_err(|error| unwritable(&error))?;
        let detail = rules::differences(&before, &after).map_err(|error| unwritable(&error))?;
        if detail.is_empty() {
            return Ok(after);
        }
        let text = rules::print(&after).map_err(|error| unwritable(&error))?;
        let key = [game_rules::Column::Game, game_rules::Column::Environment];
        let insert = Query::insert()
            .into_table(control.table(game_rules::Entity))
            .columns(key.into_iter().chain([game_rules::Column::Rules, game_rules::Column::Revision]))
            .values_panic([game.id.into(), environment.name().into(), text.into(), revision.into()])
            .on_conflict(
                OnConflict::columns(key)
                    .update_columns([game_rules::Column::Rules, game_rules::Column::Revision])
                    .to_owned(),
            )
            .to_owned();
        control.execute(&transaction, &insert).await?;
        let object = format!("game:{} {}", game.slug, environment.name());
        self.write_down(&transaction, Some(game.studio), actor, "rules.changed", object, detail).await?;
        control.commit(transaction).await?;
        Ok(after)
    }
}
