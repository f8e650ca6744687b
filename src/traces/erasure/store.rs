//! The SQL of erasure.

use entity::tenant::traces::{report, trace, vote};
use sea_orm::{ColumnTrait, FromQueryResult, sea_query::ExprTrait};

use crate::{
    platform::{
        db::{PersonalTable, Row, WorldTables},
        error::StoreError,
    },
    traces::trace::{end_of_range, is_claimed, is_own},
    worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct TraceIdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct NewestRow {
    id: Option<i64>,
}

/// A vote to take back.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct GivenVote {
    /// The trace.
    pub trace: i64,
    /// Whether it is for it.
    pub good: bool,
    /// Its weight, in quarters of a vote.
    pub weight: i32,
}

/// A report to take back.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct GivenReport {
    /// The trace.
    pub trace: i64,
    /// Whether a moderator has decided since.
    pub settled: bool,
}

/// The ids of traces that a player has left, at most [`WorldTx::ROWS`].
///
/// # Errors
/// [`StoreError`].
pub async fn own_trace_ids(world: &WorldTx<'_>, player: &str) -> Result<Vec<i64>, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<trace::Entity>()
        .column(trace::Column::Id)
        .and_where(is_own(player))
        .limit(WorldTx::ROWS)
        .take();
    let rows: Vec<TraceIdRow> = tables.returned(world.transaction(), &find).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Votes of a player, at most [`WorldTx::ROWS`].
///
/// # Errors
/// [`StoreError`].
pub async fn votes(world: &WorldTx<'_>, player: &str) -> Result<Vec<GivenVote>, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<vote::Entity>()
        .columns([vote::Column::Trace, vote::Column::Good, vote::Column::Weight])
        .and_where(vote::Column::Player.eq(player))
        .limit(WorldTx::ROWS)
        .take();
    tables.returned(world.transaction(), &find).await
}

/// Deletes a player's votes on these traces.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_votes(world: &WorldTx<'_>, player: &str, traces: &[i64]) -> Result<(), StoreError> {
    let tables = world.world_tables();
    let theirs = tables.among(vote::Column::Trace, traces).and(vote::Column::Player.eq(player));
    tables.delete(world.transaction(), vote::Entity, theirs).await?;
    Ok(())
}

/// Reports by a player, at most [`WorldTx::ROWS`].
///
/// # Errors
/// [`StoreError`].
pub async fn reports(world: &WorldTx<'_>, player: &str) -> Result<Vec<GivenReport>, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<report::Entity>()
        .columns([report::Column::Trace, report::Column::Settled])
        .and_where(report::Column::Player.eq(player))
        .limit(WorldTx::ROWS)
        .take();
    tables.returned(world.transaction(), &find).await
}

/// Deletes a player's reports of these traces, with their notes.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_reports(world: &WorldTx<'_>, player: &str, traces: &[i64]) -> Result<(), StoreError> {
    let tables = world.world_tables();
    let theirs = tables.among(report::Column::Trace, traces).and(report::Column::Player.eq(player));
    tables.delete(world.transaction(), report::Entity, theirs).await?;
    Ok(())
}

/// Deletes the rows with a player's id from these tables.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_rows(world: &WorldTx<'_>, player: &str, tables: &[PersonalTable]) -> Result<(), StoreError> {
    for table in tables {
        table.delete(&world.world_tables(), world.transaction(), player).await?;
    }
    Ok(())
}

/// The rows of these tables with a player's id.
///
/// # Errors
/// [`StoreError`].
pub async fn rows(
    tables: &WorldTables,
    player: &str,
    of: &[PersonalTable],
) -> Result<Vec<(&'static str, Vec<Row>)>, StoreError> {
    let transaction = tables.begin_reading().await?;
    let mut all = Vec::new();
    for table in of {
        all.push((table.name(), table.rows(tables, &transaction, player).await?));
    }
    Ok(all)
}

/// The rows of the traces that a player has left, or that stand under one of these legacy names.
///
/// # Errors
/// [`StoreError`].
pub async fn trace_rows(tables: &WorldTables, player: &str, names: &[String]) -> Result<Vec<Row>, StoreError> {
    let transaction = tables.begin_reading().await?;
    let mut rows = tables.rows_where::<trace::Entity>(&transaction, is_own(player)).await?;
    if names.is_empty() {
        return Ok(rows);
    }
    let newest = tables.select_from::<trace::Entity>().expr_as(trace::Column::Id.max(), "id").take();
    let newest: Vec<NewestRow> = tables.returned(&transaction, &newest).await?;
    let (mut after, upto) = (0, newest.first().and_then(|row| row.id).unwrap_or_default());
    while after < upto {
        let end = end_of_range(after, upto);
        rows.extend(tables.rows_where::<trace::Entity>(&transaction, is_claimed(names, (after, end))).await?);
        after = end;
    }
    Ok(rows)
}
