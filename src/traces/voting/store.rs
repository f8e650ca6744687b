//! The SQL of voting: votes and uses.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use entity::tenant::traces::{trace_use, vote};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::model::{Vote, WeightedVote};
use crate::{
    platform::{clock, error::StoreError},
    traces::gate::Voter,
    worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct VoteRow {
    trace: i64,
    good: bool,
    weight: i32,
}

#[derive(FromQueryResult)]
struct NetworkRow {
    trace: i64,
    good: bool,
    weight: i64,
}

#[derive(FromQueryResult)]
struct TraceRow {
    trace: i64,
}

/// A player's votes on traces, by the traces' ids.
///
/// # Errors
/// [`StoreError`].
pub async fn find_votes(
    world: &WorldTx<'_>,
    player: Uuid,
    traces: &[i64],
) -> Result<HashMap<i64, WeightedVote>, StoreError> {
    if traces.is_empty() {
        return Ok(HashMap::new());
    }
    let tables = world.world_tables();
    let find = tables
        .select_from::<vote::Entity>()
        .columns([vote::Column::Trace, vote::Column::Good, vote::Column::Weight])
        .and_where(tables.among(vote::Column::Trace, traces))
        .and_where(vote::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<VoteRow> = tables.returned(world.transaction(), &find).await?;
    let weighted = |row: VoteRow| {
        let vote = if row.good { Vote::Good } else { Vote::Poor };
        (row.trace, WeightedVote { vote, weight: row.weight })
    };
    Ok(rows.into_iter().map(weighted).collect())
}

/// Stores a player's votes on traces that differ, in place of the ones before.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_votes(world: &WorldTx<'_>, voter: &Voter, given: &[(i64, WeightedVote)]) -> Result<(), StoreError> {
    if given.is_empty() {
        return Ok(());
    }
    let replace = OnConflict::columns([vote::Column::World, vote::Column::Trace, vote::Column::Player])
        .update_columns([vote::Column::Good, vote::Column::Weight, vote::Column::Network, vote::Column::AtMs])
        .to_owned();
    let tables = world.world_tables();
    let mut insert = tables
        .insert_into::<vote::Entity>()
        .columns([
            vote::Column::World,
            vote::Column::Trace,
            vote::Column::Player,
            vote::Column::Good,
            vote::Column::Weight,
            vote::Column::Network,
            vote::Column::AtMs,
        ])
        .on_conflict(replace)
        .to_owned();
    for (trace, WeightedVote { vote, weight }) in given {
        insert.values_panic([
            tables.world().into(),
            (*trace).into(),
            voter.player.to_string().into(),
            (*vote == Vote::Good).into(),
            (*weight).into(),
            voter.network.into(),
            world.now_ms().into(),
        ]);
    }
    tables.execute(world.transaction(), &insert).await?;
    Ok(())
}

/// Deletes a player's votes on these traces.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw_votes(world: &WorldTx<'_>, player: Uuid, traces: &[i64]) -> Result<(), StoreError> {
    if traces.is_empty() {
        return Ok(());
    }
    let tables = world.world_tables();
    let is_vote = tables.among(vote::Column::Trace, traces).and(vote::Column::Player.eq(player.to_string()));
    tables.delete(world.transaction(), vote::Entity, is_vote).await?;
    Ok(())
}

/// Deletes all votes on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_votes(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    world.world_tables().delete(world.transaction(), vote::Entity, vote::Column::Trace.eq(trace)).await?;
    Ok(())
}

/// What the other players of a voter's network weigh on each of these traces, for (`true`) and against it.
///
/// # Errors
/// [`StoreError`].
pub async fn weights_of_network(
    world: &WorldTx<'_>,
    voter: &Voter,
    traces: &[i64],
) -> Result<HashMap<(i64, bool), i32>, StoreError> {
    let Some(network) = voter.network else { return Ok(HashMap::new()) };
    if traces.is_empty() {
        return Ok(HashMap::new());
    }
    let tables = world.world_tables();
    let find = tables
        .select_from::<vote::Entity>()
        .columns([vote::Column::Trace, vote::Column::Good])
        .expr_as(Expr::col(vote::Column::Weight).sum(), "weight")
        .and_where(tables.among(vote::Column::Trace, traces))
        .and_where(vote::Column::Network.eq(network))
        .and_where(vote::Column::Player.ne(voter.player.to_string()))
        .group_by_columns([vote::Column::Trace, vote::Column::Good])
        .to_owned();
    let rows: Vec<NetworkRow> = tables.returned(world.transaction(), &find).await?;
    let weight = |row: NetworkRow| ((row.trace, row.good), i32::try_from(row.weight).unwrap_or(i32::MAX));
    Ok(rows.into_iter().map(weight).collect())
}

/// Stores that a player uses traces that differ now, unless the use of a trace that is stored is less than `window` old.
/// Returns the traces whose use was stored.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_uses(
    world: &WorldTx<'_>,
    player: Uuid,
    traces: &[i64],
    window: Duration,
) -> Result<HashSet<i64>, StoreError> {
    if traces.is_empty() {
        return Ok(HashSet::new());
    }
    let is_old = Expr::col((trace_use::Entity, trace_use::Column::AtMs)).lte(world.now_ms() - clock::ms(window));
    let replace = OnConflict::columns([trace_use::Column::World, trace_use::Column::Trace, trace_use::Column::Player])
        .update_column(trace_use::Column::AtMs)
        .action_and_where(is_old)
        .to_owned();
    let tables = world.world_tables();
    let mut insert = tables
        .insert_into::<trace_use::Entity>()
        .columns([
            trace_use::Column::World,
            trace_use::Column::Trace,
            trace_use::Column::Player,
            trace_use::Column::AtMs,
        ])
        .on_conflict(replace)
        .returning_col(trace_use::Column::Trace)
        .to_owned();
    for trace in traces {
        insert.values_panic([tables.world().into(), (*trace).into(), player.to_string().into(), world.now_ms().into()]);
    }
    let rows: Vec<TraceRow> = tables.returned(world.transaction(), &insert).await?;
    Ok(rows.into_iter().map(|row| row.trace).collect())
}
