//! The SQL of games.

use entity::control::identity::{game, studio};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::Store;
use crate::{
    identity::{
        access::Role,
        studios::model::{Actor, Game, NamedGame, Slug, StudioError, Title},
    },
    platform::{clock, db::StudioId, error::StoreError},
};

/// Games of a studio that its members register at most.
const MAX_GAMES: u64 = 100;

#[derive(FromQueryResult)]
struct NamedGameRow {
    studio_slug: String,
    #[sea_orm(nested)]
    game: game::Model,
}

fn game_of(row: game::Model) -> Game {
    Game {
        id: row.id,
        studio: StudioId(row.studio),
        slug: row.slug,
        name: row.name,
        live_world: row.live_world,
        dev_world: row.dev_world,
        created_at_ms: row.created_at_ms,
    }
}

impl Store {
    /// The games of a studio, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn games(&self, studio: StudioId) -> Result<Vec<Game>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<game::Entity>()
            .and_where(game::Column::Studio.eq(studio.0))
            .order_by(game::Column::Slug, Order::Asc)
            .to_owned();
        let rows: Vec<game::Model> = control.all(&select).await?;
        Ok(rows.into_iter().map(game_of).collect())
    }

    /// The games with these ids, with their studios' names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn named_games(&self, ids: &[i64]) -> Result<Vec<NamedGame>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let control = self.database.control();
        let select = control
            .select::<game::Entity>()
            .expr_as(Expr::col(("studio", studio::Column::Slug)), "studio_slug")
            .inner_join(
                control.table(studio::Entity),
                Expr::col(("studio", studio::Column::Id)).equals(("game", game::Column::Studio)),
            )
            .and_where(control.among(game::Column::Id, ids))
            .to_owned();
        let rows: Vec<NamedGameRow> = control.all(&select).await?;
        Ok(rows.into_iter().map(|row| NamedGame { studio_slug: row.studio_slug, game: game_of(row.game) }).collect())
    }

    /// Inserts a game whose worlds exist; false if the name is taken.
    ///
    /// # Errors
    /// [`StudioError::LimitReached`], [`StudioError::StudioNotFound`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn insert_game(
        &self,
        studio: StudioId,
        slug: &Slug,
        title: &Title,
        [live, dev]: [i32; 2],
        actor: Actor<'_>,
    ) -> Result<bool, StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        self.lock_studio_for(&transaction, studio, actor, Role::Developer).await?;
        // The limit does not bind the operator.
        if matches!(actor, Actor::User(_)) {
            let games = self.count(&transaction, game::Entity, game::Column::Studio.eq(studio.0)).await?;
            if games >= MAX_GAMES {
                return Err(StudioError::LimitReached { what: "games", limit: MAX_GAMES });
            }
        }
        let insert = Query::insert()
            .into_table(control.table(game::Entity))
            .columns([
                game::Column::Studio,
                game::Column::Slug,
                game::Column::Name,
                game::Column::LiveWorld,
                game::Column::DevWorld,
                game::Column::CreatedAtMs,
            ])
            .values_panic([
                studio.0.into(),
                slug.as_str().into(),
                title.as_str().into(),
                live.into(),
                dev.into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::columns([game::Column::Studio, game::Column::Slug]).do_nothing().to_owned())
            .to_owned();
        if control.execute(&transaction, &insert).await? == 0 {
            return Ok(false);
        }
        let (object, detail) = (format!("game:{}", slug.as_str()), title.as_str().to_owned());
        self.insert_audit_entry(&transaction, studio, actor, "game.registered", object, detail).await?;
        control.commit(transaction).await?;
        Ok(true)
    }
}
