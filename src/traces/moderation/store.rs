//! The SQL of moderation: bans and removals here, reports and the queue in [`reports`], hidden authors in [`authors`].

mod authors;
mod reports;

use entity::tenant::traces::{ban, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, OnConflict, Order},
};
use uuid::Uuid;

pub use self::{
    authors::{count_hidden_authors, delete_hidden_author, insert_hidden_author, is_author_hidden},
    reports::{delete_settled_reports, report_exists, settle_reports, upsert_report},
};
use super::model::{Ban, RemovalTarget};
use crate::{
    identity::players::{self, FoundPlayer},
    platform::{
        db::{Database, WorldTables},
        error::StoreError,
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
struct BanRow {
    until_ms: Option<i64>,
}

#[derive(FromQueryResult)]
struct TraceIdRow {
    id: i64,
}

/// A player's ban, if they have one that has not ended.
///
/// # Errors
/// [`StoreError`].
pub async fn active_ban(world: &WorldTx<'_>, player: Uuid) -> Result<Option<Ban>, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<ban::Entity>()
        .column(ban::Column::UntilMs)
        .and_where(ban::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<BanRow> = tables.returned(world.transaction(), &find).await?;
    let is_active = |row: &BanRow| row.until_ms.is_none_or(|until_ms| until_ms > world.now_ms());
    Ok(rows.into_iter().find(is_active).map(|row| Ban { until_ms: row.until_ms }))
}

/// Stores a player's ban in place of the one before.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_ban(world: &WorldTx<'_>, player: Uuid, ban: Ban, reason: &str) -> Result<(), StoreError> {
    let replace = OnConflict::columns([ban::Column::World, ban::Column::Player])
        .update_columns([ban::Column::UntilMs, ban::Column::Reason, ban::Column::AtMs])
        .to_owned();
    let tables = world.world_tables();
    let insert = tables
        .insert_into::<ban::Entity>()
        .columns([
            ban::Column::World,
            ban::Column::Player,
            ban::Column::UntilMs,
            ban::Column::Reason,
            ban::Column::AtMs,
        ])
        .values_panic([
            tables.world().into(),
            player.to_string().into(),
            ban.until_ms.into(),
            reason.into(),
            world.now_ms().into(),
        ])
        .on_conflict(replace)
        .to_owned();
    tables.execute(world.transaction(), &insert).await?;
    Ok(())
}

/// Deletes a player's ban; returns the number of deleted rows, 0 or 1.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_ban(world: &WorldTx<'_>, player: Uuid) -> Result<u64, StoreError> {
    let is_theirs = ban::Column::Player.eq(player.to_string());
    world.world_tables().delete(world.transaction(), ban::Entity, is_theirs).await
}

/// The ids of traces to remove, none above `upto`, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn ids_to_remove(
    world: &WorldTx<'_>,
    target: &RemovalTarget,
    upto: i64,
    limit: u64,
) -> Result<Vec<i64>, StoreError> {
    let tables = world.world_tables();
    let mut find = tables.select_from::<trace::Entity>();
    find.column(trace::Column::Id)
        .and_where(trace::Column::Id.lte(upto))
        .cond_where(removal_condition(target, &tables))
        .limit(limit);
    if *target == RemovalTarget::World {
        // In the order of the primary key, so that no run scans again what earlier ones have deleted.
        find.order_by(trace::Column::Id, Order::Asc);
    }
    let rows: Vec<TraceIdRow> = tables.returned(world.transaction(), &find).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn removal_condition(target: &RemovalTarget, tables: &WorldTables) -> Condition {
    let all = Condition::all();
    match target {
        RemovalTarget::Traces(ids) => all.add(tables.among(trace::Column::Id, ids)),
        // Written like the predicate of the partial index on players' own traces, so that the database uses it.
        RemovalTarget::Player(player, scope) => all
            .add(Expr::cust("minted"))
            .add(trace::Column::Author.eq(player.to_string()))
            .add_option(scope.as_ref().map(|scope| trace::Column::Scope.eq(scope.as_str()))),
        RemovalTarget::Scope(scope) => all.add(trace::Column::Scope.eq(scope.as_str())),
        RemovalTarget::World => all,
    }
}
