//! The SQL of hidden authors.

use entity::tenant::traces::hidden_author;
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::Store;
use crate::{
    identity::access::Player, platform::error::StoreError, traces::moderation::model::HiddenAuthor, worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct AuthorRow {
    author: String,
    at_ms: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

fn of_player(world: &WorldTx<'_>, player: Uuid) -> Expr {
    hidden_author::Column::World.eq(world.world()).and(hidden_author::Column::Player.eq(player.to_string()))
}

async fn count(world: &WorldTx<'_>, condition: Expr) -> Result<u64, StoreError> {
    let find = Query::select()
        .expr_as(Expr::col(hidden_author::Column::Author).count(), "count")
        .from(world.tables().table(hidden_author::Entity))
        .and_where(condition)
        .to_owned();
    let rows: Vec<CountRow> = world.tables().returned(world.transaction(), &find).await?;
    Ok(rows.first().map_or(0, |row| u64::try_from(row.count).unwrap_or_default()))
}

/// Whether a player has hidden an author.
///
/// # Errors
/// [`StoreError`].
pub async fn is_author_hidden(world: &WorldTx<'_>, player: Uuid, author: &str) -> Result<bool, StoreError> {
    Ok(count(world, of_player(world, player).and(hidden_author::Column::Author.eq(author))).await? > 0)
}

/// How many authors a player has hidden.
///
/// # Errors
/// [`StoreError`].
pub async fn count_hidden_authors(world: &WorldTx<'_>, player: Uuid) -> Result<u64, StoreError> {
    count(world, of_player(world, player)).await
}

/// Adds an author to those that a player has hidden.
///
/// # Errors
/// [`StoreError`], also if the player has hidden the author already.
pub async fn insert_hidden_author(world: &WorldTx<'_>, player: Uuid, author: &str) -> Result<(), StoreError> {
    let row = hidden_author::ActiveModel {
        world: Set(world.world()),
        player: Set(player.to_string()),
        author: Set(author.to_owned()),
        at_ms: Set(world.now_ms()),
    };
    world.tables().insert(world.transaction(), vec![row]).await
}

/// Removes an author from those that a player has hidden.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_hidden_author(world: &WorldTx<'_>, player: Uuid, author: &str) -> Result<(), StoreError> {
    let condition = of_player(world, player).and(hidden_author::Column::Author.eq(author));
    world.tables().delete(world.transaction(), hidden_author::Entity, condition).await?;
    Ok(())
}

impl Store {
    /// The authors that a player has hidden, sorted by name, after the author `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hidden_authors(
        &self,
        player: &Player,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<HiddenAuthor>, StoreError> {
        let tenant = self.database.tenant(player.studio).await?;
        let mut find = Query::select();
        find.columns([hidden_author::Column::Author, hidden_author::Column::AtMs])
            .from(tenant.table(hidden_author::Entity))
            .and_where(hidden_author::Column::World.eq(player.world))
            .and_where(hidden_author::Column::Player.eq(player.id.to_string()))
            .and_where_option(after.map(|after| hidden_author::Column::Author.gt(after)))
            .order_by(hidden_author::Column::Author, Order::Asc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let rows: Vec<AuthorRow> = tenant.all(&find).await?;
        Ok(rows.into_iter().map(|row| HiddenAuthor { author: row.author, hidden_at_ms: row.at_ms }).collect())
    }
}
