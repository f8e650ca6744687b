//! The SQL of hidden authors.

use entity::tenant::traces::hidden_author;
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order},
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

fn of_player(player: Uuid) -> Expr {
    hidden_author::Column::Player.eq(player.to_string())
}

async fn count(world: &WorldTx<'_>, condition: Expr) -> Result<u64, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<hidden_author::Entity>()
        .expr_as(Expr::col(hidden_author::Column::Author).count(), "count")
        .and_where(condition)
        .to_owned();
    let rows: Vec<CountRow> = tables.returned(world.transaction(), &find).await?;
    Ok(rows.first().map_or(0, |row| u64::try_from(row.count).unwrap_or_default()))
}

/// Whether a player has hidden an author.
///
/// # Errors
/// [`StoreError`].
pub async fn is_author_hidden(world: &WorldTx<'_>, player: Uuid, author: &str) -> Result<bool, StoreError> {
    Ok(count(world, of_player(player).and(hidden_author::Column::Author.eq(author))).await? > 0)
}

/// How many authors a player has hidden.
///
/// # Errors
/// [`StoreError`].
pub async fn count_hidden_authors(world: &WorldTx<'_>, player: Uuid) -> Result<u64, StoreError> {
    count(world, of_player(player)).await
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
    world.world_tables().insert(world.transaction(), vec![row]).await
}

/// Removes an author from those that a player has hidden.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_hidden_author(world: &WorldTx<'_>, player: Uuid, author: &str) -> Result<(), StoreError> {
    let condition = of_player(player).and(hidden_author::Column::Author.eq(author));
    world.world_tables().delete(world.transaction(), hidden_author::Entity, condition).await?;
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
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let mut find = tables.select_from::<hidden_author::Entity>();
        find.columns([hidden_author::Column::Author, hidden_author::Column::AtMs])
            .and_where(of_player(player.id))
            .and_where_option(after.map(|after| hidden_author::Column::Author.gt(after)))
            .order_by(hidden_author::Column::Author, Order::Asc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let rows: Vec<AuthorRow> = tables.all(&find).await?;
        Ok(rows.into_iter().map(|row| HiddenAuthor { author: row.author, hidden_at_ms: row.at_ms }).collect())
    }
}
