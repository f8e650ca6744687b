//! How an author's traces, and those that a client knows, stand.

use std::collections::{HashMap, HashSet};

use entity::tenant::{traces::trace, worlds::change};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::of_author;
use crate::{
    platform::{db::Tenant, error::StoreError},
    traces::authoring::model::{Standing, Synced, Which},
    worlds::{ChangeReason, ScopeKey},
};

#[derive(FromQueryResult)]
struct StandingRow {
    id: i64,
    revision: i32,
    base_good: i32,
    good: i32,
    poor: i32,
    uses: i32,
}

#[derive(FromQueryResult)]
struct GoneRow {
    trace: i64,
    reason: i16,
}

/// Of what a player has left, that, with ids after `after`, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn own(
    tables: &Tenant,
    world: i32,
    author: &str,
    which: &Which,
    after: i64,
    limit: u64,
) -> Result<Vec<trace::Model>, StoreError> {
    let Which { scopes, kinds, version_min } = which;
    let mut select = tables
        .select::<trace::Entity>()
        .cond_where(of_author(world, author))
        .and_where(trace::Column::Id.gt(after))
        .and_where(trace::Column::ContentVersion.gte(*version_min))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .to_owned();
    if !scopes.is_empty() {
        select.and_where(trace::Column::Scope.is_in(scopes.iter().map(ScopeKey::as_str)));
    }
    if !kinds.is_empty() {
        select.and_where(trace::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
    }
    tables.all(&select).await
}

/// How traces stand that a client knows; hidden ones have gone, but for their author.
///
/// # Errors
/// [`StoreError`].
pub async fn sync(tables: &Tenant, world: i32, author: &str, ids: &[i64]) -> Result<Synced, StoreError> {
    let own = trace::Column::Author.eq(author).and(trace::Column::Minted.eq(true));
    let select = Query::select()
        .columns([trace::Column::Id, trace::Column::Revision, trace::Column::BaseGood])
        .columns([trace::Column::Good, trace::Column::Poor, trace::Column::Uses])
        .from(tables.table(trace::Entity))
        .and_where(trace::Column::World.eq(world))
        .and_where(tables.among(trace::Column::Id, ids))
        .and_where(trace::Column::Hidden.eq(false).or(own))
        .order_by(trace::Column::Id, Order::Asc)
        .to_owned();
    let there: Vec<StandingRow> = tables.all(&select).await?;
    let met: HashSet<i64> = there.iter().map(|row| row.id).collect();
    let missing: Vec<i64> = ids.iter().copied().filter(|id| !met.contains(id)).collect();
    let reasons: Vec<GoneRow> =
        if missing.is_empty() { Vec::new() } else { tables.all(&last_changes(tables, world, &missing)).await? };
    // The last one counts.
    let reasons: HashMap<i64, i16> = reasons.into_iter().map(|row| (row.trace, row.reason)).collect();
    let gone =
        missing.into_iter().map(|id| (id, reasons.get(&id).and_then(|code| ChangeReason::of_code(*code)))).collect();
    let standing = |row: StandingRow| Standing {
        id: row.id,
        revision: row.revision,
        good: row.base_good.saturating_add(row.good),
        poor: row.poor,
        uses: row.uses,
    };
    Ok(Synced { gone, there: there.into_iter().map(standing).collect() })
}

fn last_changes(tables: &Tenant, world: i32, ids: &[i64]) -> SelectStatement {
    Query::select()
        .columns([change::Column::Trace, change::Column::Reason])
        .from(tables.table(change::Entity))
        .and_where(Expr::col(change::Column::World).eq(world))
        .and_where(tables.among(change::Column::Trace, ids))
        .order_by(change::Column::Seq, Order::Asc)
        .to_owned()
}
