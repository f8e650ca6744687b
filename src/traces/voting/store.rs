//! The SQL of voting: votes and uses.

use std::time::Duration;

use entity::tenant::{
    identity::player,
    traces::{trace_use, vote},
};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::model::{Vote, WeightedVote};
use crate::{
    platform::{clock, error::StoreError},
    worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct VoteRow {
    good: bool,
    weight: i32,
}

#[derive(FromQueryResult)]
struct PlayerRow {
    created_at_ms: i64,
}

fn is_vote(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Expr {
    vote::Column::World
        .eq(world.world())
        .and(vote::Column::Trace.eq(trace))
        .and(vote::Column::Player.eq(player.to_string()))
}

/// A player's vote on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn find_vote(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Result<Option<WeightedVote>, StoreError> {
    let find = Query::select()
        .columns([vote::Column::Good, vote::Column::Weight])
        .from(world.tables().table(vote::Entity))
        .and_where(is_vote(world, trace, player))
        .to_owned();
    let rows: Vec<VoteRow> = world.tables().returned(world.transaction(), &find).await?;
    let weighted = |row: &VoteRow| {
        let vote = if row.good { Vote::Good } else { Vote::Poor };
        WeightedVote { vote, weight: row.weight }
    };
    Ok(rows.first().map(weighted))
}

/// Stores a player's vote on a trace in place of the one before.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_vote(
    world: &WorldTx<'_>,
    trace: i64,
    player: Uuid,
    WeightedVote { vote, weight }: WeightedVote,
) -> Result<(), StoreError> {
    let replace = OnConflict::columns([vote::Column::World, vote::Column::Trace, vote::Column::Player])
        .update_columns([vote::Column::Good, vote::Column::Weight, vote::Column::AtMs])
        .to_owned();
    let insert = Query::insert()
        .into_table(world.tables().table(vote::Entity))
        .columns([
            vote::Column::World,
            vote::Column::Trace,
            vote::Column::Player,
            vote::Column::Good,
            vote::Column::Weight,
            vote::Column::AtMs,
        ])
        .values_panic([
            world.world().into(),
            trace.into(),
            player.to_string().into(),
            (vote == Vote::Good).into(),
            weight.into(),
            world.now_ms().into(),
        ])
        .on_conflict(replace)
        .to_owned();
    world.tables().execute(world.transaction(), &insert).await?;
    Ok(())
}

/// Deletes a player's vote on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_vote(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Result<(), StoreError> {
    world.tables().delete(world.transaction(), vote::Entity, is_vote(world, trace, player)).await?;
    Ok(())
}

/// Deletes all votes on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_votes(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    let of_trace = vote::Column::World.eq(world.world()).and(vote::Column::Trace.eq(trace));
    world.tables().delete(world.transaction(), vote::Entity, of_trace).await?;
    Ok(())
}

/// When a player was created.
///
/// # Errors
/// [`StoreError`].
pub async fn player_created_at_ms(world: &WorldTx<'_>, player: Uuid) -> Result<Option<i64>, StoreError> {
    let find = Query::select()
        .column(player::Column::CreatedAtMs)
        .from(world.tables().table(player::Entity))
        .and_where(player::Column::World.eq(world.world()))
        .and_where(player::Column::Id.eq(player.to_string()))
        .to_owned();
    let rows: Vec<PlayerRow> = world.tables().returned(world.transaction(), &find).await?;
    Ok(rows.first().map(|row| row.created_at_ms))
}

/// Stores that a player uses a trace now, unless the use that is stored is less than `window` old. Returns whether it was
/// stored.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_use(world: &WorldTx<'_>, trace: i64, player: Uuid, window: Duration) -> Result<bool, StoreError> {
    let is_old = Expr::col((trace_use::Entity, trace_use::Column::AtMs)).lte(world.now_ms() - clock::ms(window));
    let replace = OnConflict::columns([trace_use::Column::World, trace_use::Column::Trace, trace_use::Column::Player])
        .update_column(trace_use::Column::AtMs)
        .action_and_where(is_old)
        .to_owned();
    let insert = Query::insert()
        .into_table(world.tables().table(trace_use::Entity))
        .columns([
            trace_use::Column::World,
            trace_use::Column::Trace,
            trace_use::Column::Player,
            trace_use::Column::AtMs,
        ])
        .values_panic([world.world().into(), trace.into(), player.to_string().into(), world.now_ms().into()])
        .on_conflict(replace)
        .to_owned();
    Ok(world.tables().execute(world.transaction(), &insert).await? > 0)
}
