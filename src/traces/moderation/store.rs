//! The SQL of moderation: removals here, reports and the queue in [`reports`], hidden authors in [`authors`].

mod authors;
mod reports;

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, ExprTrait, Order},
};
use uuid::Uuid;

pub use self::{
    authors::{count_hidden_authors, delete_hidden_author, insert_hidden_author, is_author_hidden},
    reports::{
        delete_reports, insert_report, record, record_verdict, replace_report, report_exists, report_weight_of_network,
        settle_reports,
    },
};
use super::model::RemovalTarget;
use crate::{
    identity::players::{self, FoundPlayer},
    platform::{
        db::{Database, WorldTables},
        error::StoreError,
    },
    traces::{
        gate::BannedAuthor,
        trace::{FoundTraces, is_own},
    },
    worlds::{WorldKey, WorldTx},
};

/// Reads moderation's tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// A store in that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether the world has a player of that id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn player_exists(&self, world: WorldKey, id: Uuid) -> Result<bool, StoreError> {
        let tables = self.database.tenant(world.studio()).await?.world(world.world());
        let rows: Vec<FoundPlayer> = tables.all(&players::select_player(&tables, id)).await?;
        Ok(!rows.is_empty())
    }
}

#[derive(FromQueryResult)]
struct TraceIdRow {
    id: i64,
}

/// The traces to remove with ids in a range, the first excluded, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn ids_to_remove(
    world: &WorldTx<'_>,
    target: &RemovalTarget,
    (after, upto): (i64, i64),
    limit: u64,
) -> Result<FoundTraces, StoreError> {
    if let RemovalTarget::Author(BannedAuthor::Claimed(author), None) = target {
        return world.claimed_traces(std::slice::from_ref(author), (after, upto), limit).await;
    }
    let tables = world.world_tables();
    let mut find = tables.select_from::<trace::Entity>();
    find.column(trace::Column::Id).cond_where(removal_condition(target, &tables)).limit(limit);
    let id = Expr::col(trace::Column::Id);
    if *target == RemovalTarget::World {
        // In the order of the primary key, so that no run scans again what earlier ones have deleted.
        find.and_where(id.lte(upto)).and_where(trace::Column::Id.gt(after)).order_by(trace::Column::Id, Order::Asc);
    } else {
        // With the bare id a database without statistics would look for a scope or an author by walking through the world.
        find.and_where(id.add(0).lte(upto));
    }
    let rows: Vec<TraceIdRow> = tables.returned(world.transaction(), &find).await?;
    let ids: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
    let next = ids.last().map(|_| after);
    Ok(FoundTraces { ids, next })
}

fn removal_condition(target: &RemovalTarget, tables: &WorldTables) -> Condition {
    let all = Condition::all();
    match target {
        RemovalTarget::Traces(ids) => all.add(tables.among(trace::Column::Id, ids)),
        RemovalTarget::Author(author, scope) => {
            let of_author = match author {
                BannedAuthor::Player(player) => all.add(is_own(&player.to_string())),
                BannedAuthor::Claimed(author) => {
                    all.add(trace::Column::Minted.eq(false)).add(trace::Column::Author.eq(author.as_str()))
                }
            };
            of_author.add_option(scope.as_ref().map(|scope| trace::Column::Scope.eq(scope.as_str())))
        }
        RemovalTarget::Scope(scope) => all.add(trace::Column::Scope.eq(scope.as_str())),
        RemovalTarget::World => all,
    }
}
