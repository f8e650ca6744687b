//! The SQL of voting: votes and uses.

use std::time::Duration;

use entity::tenant::traces::{trace_use, vote};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::model::{Vote, WeightedVote};
use crate::{
    identity::players::{self, FoundPlayer},
    platform::{clock, error::StoreError},
    worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct VoteRow {
    good: bool,
    weight: i32,
}

fn is_vote(trace: i64, player: Uuid) -> Expr {
    vote::Column::Trace.eq(trace).and(vote::Column::Player.eq(player.to_string()))
}

/// A player's vote on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn find_vote(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Result<Option<WeightedVote>, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<vote::Entity>()
        .columns([vote::Column::Good, vote::Column::Weight])
        .and_where(is_vote(trace, player))
        .to_owned();
    let rows: Vec<VoteRow> = tables.returned(world.transaction(), &find).await?;
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
    let tables = world.world_tables();
    let insert = tables
        .insert_into::<vote::Entity>()
        .columns([
            vote::Column::World,
            vote::Column::Trace,
            vote::Column::Player,
            vote::Column::Good,
            vote::Column::Weight,
            vote::Column::AtMs,
        ])
        .values_panic([
            tables.world().into(),
            trace.into(),
            player.to_string().into(),
            (vote == Vote::Good).into(),
            weight.into(),
            world.now_ms().into(),
        ])
        .on_conflict(replace)
        .to_owned();
    tables.execute(world.transaction(), &insert).await?;
    Ok(())
}

/// Deletes a player's vote on a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_vote(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Result<(), StoreError> {
    world.world_tables().delete(world.transaction(), vote::Entity, is_vote(trace, player)).await?;
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

/// When a player was created.
///
/// # Errors
/// [`StoreError`].
pub async fn player_created_at_ms(world: &WorldTx<'_>, player: Uuid) -> Result<Option<i64>, StoreError> {
    let tables = world.world_tables();
    let find = players::select_player(&tables, player);
    let rows: Vec<FoundPlayer> = tables.returned(world.transaction(), &find).await?;
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
    let tables = world.world_tables();
    let insert = tables
        .insert_into::<trace_use::Entity>()
        .columns([
            trace_use::Column::World,
            trace_use::Column::Trace,
            trace_use::Column::Player,
            trace_use::Column::AtMs,
        ])
        .values_panic([tables.world().into(), trace.into(), player.to_string().into(), world.now_ms().into()])
        .on_conflict(replace)
        .to_owned();
    Ok(tables.execute(world.transaction(), &insert).await? > 0)
}
