//! An author's own traces, and the state of traces that a client knows.

use std::collections::{HashMap, HashSet};

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{ExprTrait, Order},
};

use super::by_author;
use crate::{
    platform::{db::WorldTables, error::StoreError},
    traces::{
        authoring::model::{GoneTrace, OwnFilter, SyncReport, TraceStatus},
        trace::Trace,
    },
    worlds::{self, ChangeReason, LoggedChange, ScopeKey},
};

#[derive(FromQueryResult)]
struct StatusRow {
    id: i64,
    revision: i32,
    base_good: i32,
    good: i32,
    poor: i32,
    uses: i32,
}

/// An author's traces with ids after `after`, in order of their ids; at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn own_page(
    tables: &WorldTables,
    author: &str,
    filter: &OwnFilter,
    after: i64,
    limit: u64,
) -> Result<Vec<Trace>, StoreError> {
    let OwnFilter { scopes, kinds, version_min, version_max } = filter;
    let mut select = tables
        .select::<trace::Entity>()
        .cond_where(by_author(author))
        .and_where(trace::Column::Id.gt(after))
        .and_where(trace::Column::ContentVersion.gte(*version_min))
        .and_where_option(version_max.map(|max| trace::Column::ContentVersion.lte(max)))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .take();
    if !scopes.is_empty() {
        select.and_where(trace::Column::Scope.is_in(scopes.iter().map(ScopeKey::as_str)));
    }
    if !kinds.is_empty() {
        select.and_where(trace::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
    }
    Ok(Trace::from_rows(tables.all(&select).await?))
}

/// The state of the traces with these ids. Hidden traces count as gone, except for their author.
///
/// # Errors
/// [`StoreError`].
pub async fn sync(tables: &WorldTables, author: &str, ids: &[i64]) -> Result<SyncReport, StoreError> {
    let own = trace::Column::Author.eq(author).and(trace::Column::Minted.eq(true));
    let select = tables
        .select_from::<trace::Entity>()
        .columns([trace::Column::Id, trace::Column::Revision, trace::Column::BaseGood])
        .columns([trace::Column::Good, trace::Column::Poor, trace::Column::Uses])
        .and_where(tables.among(trace::Column::Id, ids))
        .and_where(trace::Column::Hidden.eq(false).or(own))
        .order_by(trace::Column::Id, Order::Asc)
        .take();
    let present: Vec<StatusRow> = tables.all(&select).await?;
    let found: HashSet<i64> = present.iter().map(|row| row.id).collect();
    let missing: Vec<i64> = ids.iter().copied().filter(|id| !found.contains(id)).collect();
    let reasons = reasons(tables, &missing).await?;
    let reason = |id: &i64| reasons.get(id).copied().flatten();
    let gone = missing.into_iter().map(|id| GoneTrace { id, reason: reason(&id) }).collect();
    let status = |row: StatusRow| TraceStatus {
        id: row.id,
        revision: row.revision,
        good: row.base_good.saturating_add(row.good),
        poor: row.poor,
        uses: row.uses,
    };
    Ok(SyncReport { gone, present: present.into_iter().map(status).collect() })
}

/// What became of these traces last, of those in the change log.
///
/// # Errors
/// [`StoreError`].
pub async fn reasons(tables: &WorldTables, ids: &[i64]) -> Result<HashMap<i64, Option<ChangeReason>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let changes: Vec<LoggedChange> = tables.all(&worlds::select_changes_of(tables, ids)).await?;
    // In the order of the change log, so that the last change of a trace remains.
    Ok(changes.into_iter().map(|change| (change.trace, change.reason())).collect())
}
