//! The SQL of bans, and of the age of players.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use entity::tenant::traces::{ban, claimed_ban};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    model::{Ban, BannedAuthor},
    weight,
};
use crate::{
    identity::players::{self, BoundName, FoundPlayer},
    platform::{clock, db::WorldTables, error::StoreError},
    worlds::WorldTx,
};

#[derive(FromQueryResult)]
struct BanRow {
    until_ms: Option<i64>,
}

#[derive(FromQueryResult)]
struct NamedBanRow {
    author: String,
    until_ms: Option<i64>,
}

/// A player's ban, if they have one that has not ended. Where nobody was ever banned nothing is read.
///
/// # Errors
/// [`StoreError`].
pub async fn active_ban(world: &WorldTx<'_>, player: Uuid) -> Result<Option<Ban>, StoreError> {
    if !world.is_guarded() {
        return Ok(None);
    }
    let tables = world.world_tables();
    let find = tables
        .select_from::<ban::Entity>()
        .column(ban::Column::UntilMs)
        .and_where(ban::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<BanRow> = tables.returned(world.transaction(), &find).await?;
    Ok(first_active(rows, world.now_ms()))
}

/// As [`active_ban`], outside of a world's transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn active_ban_of(tables: &WorldTables, player: Uuid) -> Result<Option<Ban>, StoreError> {
    let find = tables
        .select_from::<ban::Entity>()
        .column(ban::Column::UntilMs)
        .and_where(ban::Column::Player.eq(player.to_string()))
        .to_owned();
    Ok(first_active(tables.all(&find).await?, clock::now_ms()))
}

fn first_active(rows: Vec<BanRow>, now_ms: i64) -> Option<Ban> {
    let is_active = |row: &BanRow| row.until_ms.is_none_or(|until_ms| until_ms > now_ms);
    rows.into_iter().find(is_active).map(|row| Ban { until_ms: row.until_ms })
}

/// The bans of these names of v0 clients that have not ended: of the names themselves, of the players to whom they are bound, and of
/// players whose id they are.
///
/// # Errors
/// [`StoreError`].
pub async fn bans_of_names(tables: &WorldTables, names: &HashSet<&str>) -> Result<Vec<(String, Ban)>, StoreError> {
    let now_ms = clock::now_ms();
    let bound: Vec<BoundName> = tables.all(&players::select_bound_names(tables, names.iter().copied())).await?;
    // The names under which each player may write.
    let mut by_player: HashMap<String, BTreeSet<String>> = HashMap::new();
    for BoundName { name, player } in bound {
        by_player.entry(player).or_default().insert(name);
    }
    for name in names {
        if let Ok(player) = name.parse::<Uuid>() {
            by_player.entry(player.to_string()).or_default().insert((*name).to_owned());
        }
    }
    let players = tables
        .select_from::<ban::Entity>()
        .expr_as(Expr::col(ban::Column::Player), "author")
        .column(ban::Column::UntilMs)
        .and_where(ban::Column::Player.is_in(by_player.keys().map(String::as_str)))
        .cond_where(Condition::any().add(ban::Column::UntilMs.is_null()).add(ban::Column::UntilMs.gt(now_ms)))
        .to_owned();
    let claimed = tables
        .select_from::<claimed_ban::Entity>()
        .columns([claimed_ban::Column::Author, claimed_ban::Column::UntilMs])
        .and_where(claimed_ban::Column::Author.is_in(names.iter().copied()))
        .cond_where(
            Condition::any().add(claimed_ban::Column::UntilMs.is_null()).add(claimed_ban::Column::UntilMs.gt(now_ms)),
        )
        .to_owned();
    let players: Vec<NamedBanRow> = tables.all(&players).await?;
    let claimed: Vec<NamedBanRow> = tables.all(&claimed).await?;
    let of_players = players.into_iter().flat_map(|row| {
        let names = by_player.remove(&row.author).unwrap_or_default();
        names.into_iter().map(move |name| (name, Ban { until_ms: row.until_ms }))
    });
    let mut bans: Vec<(String, Ban)> = of_players.collect();
    bans.extend(claimed.into_iter().map(|row| (row.author, Ban { until_ms: row.until_ms })));
    Ok(bans)
}

/// Stores an author's ban in place of the one before.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_ban(
    world: &mut WorldTx<'_>,
    author: &BannedAuthor,
    ban: Ban,
    reason: &str,
) -> Result<(), StoreError> {
    let tables = world.world_tables();
    let rest: [Expr; 3] = [ban.until_ms.into(), reason.into(), world.now_ms().into()];
    let insert = match author {
        BannedAuthor::Player(player) => {
            let replace = OnConflict::columns([ban::Column::World, ban::Column::Player])
                .update_columns([ban::Column::UntilMs, ban::Column::Reason, ban::Column::AtMs])
                .to_owned();
            tables
                .insert_into::<ban::Entity>()
                .columns([
                    ban::Column::World,
                    ban::Column::Player,
                    ban::Column::UntilMs,
                    ban::Column::Reason,
                    ban::Column::AtMs,
                ])
                .values_panic([tables.world().into(), player.to_string().into()].into_iter().chain::<[Expr; 3]>(rest))
                .on_conflict(replace)
                .to_owned()
        }
        BannedAuthor::Claimed(author) => {
            let replace = OnConflict::columns([claimed_ban::Column::World, claimed_ban::Column::Author])
                .update_columns([claimed_ban::Column::UntilMs, claimed_ban::Column::Reason, claimed_ban::Column::AtMs])
                .to_owned();
            tables
                .insert_into::<claimed_ban::Entity>()
                .columns([
                    claimed_ban::Column::World,
                    claimed_ban::Column::Author,
                    claimed_ban::Column::UntilMs,
                    claimed_ban::Column::Reason,
                    claimed_ban::Column::AtMs,
                ])
                .values_panic([tables.world().into(), author.as_str().into()].into_iter().chain::<[Expr; 3]>(rest))
                .on_conflict(replace)
                .to_owned()
        }
    };
    tables.execute(world.transaction(), &insert).await?;
    world.raise_guard().await
}

/// Deletes an author's ban; returns the number of deleted rows, 0 or 1.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_ban(world: &WorldTx<'_>, author: &BannedAuthor) -> Result<u64, StoreError> {
    let (tables, transaction) = (world.world_tables(), world.transaction());
    match author {
        BannedAuthor::Player(player) => {
            tables.delete(transaction, ban::Entity, ban::Column::Player.eq(player.to_string())).await
        }
        BannedAuthor::Claimed(author) => {
            tables.delete(transaction, claimed_ban::Entity, claimed_ban::Column::Author.eq(author.as_str())).await
        }
    }
}

/// The weight of a vote that a player gives now, by their age alone; a player without a row counts as new.
///
/// # Errors
/// [`StoreError`].
pub async fn age_weight(world: &WorldTx<'_>, player: Uuid) -> Result<i32, StoreError> {
    let find = players::select_player(&world.world_tables(), player);
    let rows: Vec<FoundPlayer> = world.world_tables().returned(world.transaction(), &find).await?;
    let age_ms = rows.first().map_or(0, |row| world.now_ms().saturating_sub(row.created_at_ms));
    Ok(weight::weight_of_age(Duration::from_millis(u64::try_from(age_ms).unwrap_or_default())))
}
