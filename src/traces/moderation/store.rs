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
    traces::gate::BannedAuthor,
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

/// How many ids one statement looks at where no index leads to the traces.
const IDS_AT_ONCE: i64 = 5_000;

#[derive(FromQueryResult)]
struct TraceIdRow {
    id: i64,
}

/// Traces that are to be removed.
#[derive(Debug)]
pub struct FoundTraces {
    /// Their ids.
    pub ids: Vec<i64>,
    /// The id after which there may be more; `None`: there are none.
    pub next: Option<i64>,
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
    let tables = world.world_tables();
    let mut find = tables.select_from::<trace::Entity>();
    find.column(trace::Column::Id).cond_where(removal_condition(target, &tables)).limit(limit);
    // No index has the names that are claimed: the whole world is looked through, a range of ids at a time.
    let range = matches!(target, RemovalTarget::Author(BannedAuthor::Claimed(_), None))
        .then(|| Ord::min(upto, after.saturating_add(IDS_AT_ONCE)));
    let is_in_order = range.is_some() || *target == RemovalTarget::World;
    // With the bare id a database without statistics would look for a scope or an author by walking through the world.
    let id = Expr::col(trace::Column::Id);
    find.and_where(if is_in_order { id } else { id.add(0) }.lte(range.unwrap_or(upto)));
    if is_in_order {
        // In the order of the primary key, so that no run scans again what earlier ones have deleted.
        find.and_where(trace::Column::Id.gt(after)).order_by(trace::Column::Id, Order::Asc);
    }
    let rows: Vec<TraceIdRow> = tables.returned(world.transaction(), &find).await?;
    let ids: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
    let is_full = u64::try_from(ids.len()).is_ok_and(|count| count >= limit);
    let next = match range {
        Some(_) if is_full => ids.last().copied(),
        Some(end) => (end < upto).then_some(end),
        None => ids.last().map(|_| after),
    };
    Ok(FoundTraces { ids, next })
}

fn removal_condition(target: &RemovalTarget, tables: &WorldTables) -> Condition {
    let all = Condition::all();
    match target {
        RemovalTarget::Traces(ids) => all.add(tables.among(trace::Column::Id, ids)),
        RemovalTarget::Author(author, scope) => {
            let of_author = match author {
                // Written like the predicate of the partial index on players' own traces, so that the database uses it.
                BannedAuthor::Player(player) => {
                    all.add(Expr::cust("minted")).add(trace::Column::Author.eq(player.to_string()))
                }
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
