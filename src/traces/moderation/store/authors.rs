//! The SQL of whom players do not want to see.

use entity::tenant::traces::hidden_author;
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::Store;
use crate::{
    identity::access::model::Player,
    platform::error::StoreError,
    traces::moderation::model::{HIDDEN_AUTHORS, HiddenAuthor},
    worlds::{Command, WorldTx},
};

#[derive(FromQueryResult)]
struct Row {
    author: String,
    at_ms: i64,
}

#[derive(FromQueryResult)]
struct Counted {
    count: i64,
}

/// A player does not want to see an author; false when there are too many already.
#[derive(Debug)]
pub struct HideAuthor {
    /// Who does not want to.
    pub player: Uuid,
    /// Whom, as it stands in the traces.
    pub author: String,
}

impl Command for HideAuthor {
    type Output = bool;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<bool, StoreError> {
        let (tables, transaction) = (world.tables(), world.transaction());
        let player = self.player.to_string();
        let own = hidden_author::Column::World.eq(world.world()).and(hidden_author::Column::Player.eq(player.as_str()));
        let count = |condition: Expr| {
            Query::select()
                .expr_as(Expr::col(hidden_author::Column::Author).count(), "count")
                .from(tables.table(hidden_author::Entity))
                .and_where(condition)
                .to_owned()
        };
        let it = own.clone().and(hidden_author::Column::Author.eq(self.author.as_str()));
        let there: Vec<Counted> = tables.returned(transaction, &count(it)).await?;
        if there.iter().any(|there| there.count > 0) {
            return Ok(true);
        }
        let all: Vec<Counted> = tables.returned(transaction, &count(own)).await?;
        if all.iter().any(|all| u64::try_from(all.count).unwrap_or_default() >= HIDDEN_AUTHORS) {
            return Ok(false);
        }
        let row = hidden_author::ActiveModel {
            world: Set(world.world()),
            player: Set(player),
            author: Set(self.author.clone()),
            at_ms: Set(world.now_ms()),
        };
        tables.insert(transaction, vec![row]).await?;
        Ok(true)
    }
}

/// A player does want to see an author.
#[derive(Debug)]
pub struct ShowAuthor {
    /// Who wants to.
    pub player: Uuid,
    /// Whom.
    pub author: String,
}

impl Command for ShowAuthor {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        let it = hidden_author::Column::World
            .eq(world.world())
            .and(hidden_author::Column::Player.eq(self.player.to_string()))
            .and(hidden_author::Column::Author.eq(self.author.as_str()));
        world.tables().delete(world.transaction(), hidden_author::Entity, it).await?;
        Ok(())
    }
}

impl Store {
    /// The authors whom a player does not want to see, by name, behind one of them.
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
        let rows: Vec<Row> = tenant.all(&find).await?;
        Ok(rows.into_iter().map(|row| HiddenAuthor { author: row.author, at_ms: row.at_ms }).collect())
    }
}
