//! An author's own traces, and the state of traces that a client knows.

use std::collections::{HashMap, HashSet};

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, Order, Query},
};

use super::by_author;
use crate::{
    platform::{
        db::{WorldTables, union_all},
        error::StoreError,
    },
    traces::{
        TraceKind,
        authoring::model::{GoneTrace, OwnFilter, SyncReport, TraceStatus},
        trace::{GroupKey, Trace},
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
    hidden: bool,
    group_key: Option<String>,
    author: String,
    minted: bool,
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
    let part = |kind: TraceKind, scope: Option<&ScopeKey>| {
        tables
            .select_from::<trace::Entity>()
            .column(trace::Column::Id)
            .cond_where(by_author(author))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .and_where_option(scope.map(|scope| trace::Column::Scope.eq(scope.as_str())))
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::ContentVersion.gte(*version_min))
            .and_where_option(version_max.map(|max| trace::Column::ContentVersion.lte(max)))
            .order_by(trace::Column::Id, Order::Asc)
            .limit(limit)
            .take()
    };
    // A part for each kind and scope, which an index has in the order of ids: an order over all of them would make the database
    // read the world.
    let kinds = if kinds.is_empty() { &TraceKind::ALL } else { kinds.as_slice() };
    let scopes: Vec<Option<&ScopeKey>> = if scopes.is_empty() { vec![None] } else { scopes.iter().map(Some).collect() };
    let parts = kinds.iter().flat_map(|kind| scopes.iter().map(|scope| part(*kind, *scope)));
    let Some(parts) = union_all(parts) else { return Ok(Vec::new()) };
    let ids = Query::select()
        .column(trace::Column::Id)
        .from_subquery(parts, "own")
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .to_owned();
    let is_own = tables.among_those(Expr::col(trace::Column::Id), ids);
    let select = tables.select::<trace::Entity>().and_where(is_own).take();
    let mut traces = Trace::from_rows(tables.all(&select).await?);
    traces.sort_unstable_by_key(|trace| trace.id);
    Ok(traces)
}

/// The state of the traces with these ids, as an author who knows the name of a group sees them. Hidden traces count as gone,
/// except for their author; those of other groups, as ones that never were.
///
/// # Errors
/// [`StoreError`].
pub async fn sync(
    tables: &WorldTables,
    author: &str,
    group: Option<&GroupKey>,
    ids: &[i64],
) -> Result<SyncReport, StoreError> {
    let select = tables
        .select_from::<trace::Entity>()
        .columns([trace::Column::Id, trace::Column::Revision, trace::Column::BaseGood])
        .columns([trace::Column::Good, trace::Column::Poor, trace::Column::Uses])
        .columns([trace::Column::Hidden, trace::Column::GroupKey, trace::Column::Author, trace::Column::Minted])
        .and_where(tables.among(trace::Column::Id, ids))
        .order_by(trace::Column::Id, Order::Asc)
        .take();
    let rows: Vec<StatusRow> = tables.all(&select).await?;
    let is_own = |row: &StatusRow| row.minted && row.author == author;
    let is_visible_to = |row: &StatusRow| match (&row.group_key, group) {
        (None, _) => true,
        (Some(of), Some(group)) => of == group.as_str(),
        (Some(_), None) => false,
    };
    let secret: HashSet<i64> =
        rows.iter().filter(|row| !is_own(row) && !is_visible_to(row)).map(|row| row.id).collect();
    let is_present = |row: &StatusRow| is_own(row) || (!row.hidden && !secret.contains(&row.id));
    let present: Vec<StatusRow> = rows.into_iter().filter(is_present).collect();
    let found: HashSet<i64> = present.iter().map(|row| row.id).collect();
    let missing: Vec<i64> = ids.iter().copied().filter(|id| !found.contains(id)).collect();
    let told: Vec<i64> = missing.iter().copied().filter(|id| !secret.contains(id)).collect();
    let reasons = reasons(tables, &told).await?;
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
    let mut changes: Vec<LoggedChange> = tables.all(&worlds::select_changes_of(tables, ids)).await?;
    changes.sort_unstable_by_key(|change| change.seq);
    // In the order of the change log, so that the last change of a trace remains.
    Ok(changes.into_iter().map(|change| (change.trace, change.reason())).collect())
}
