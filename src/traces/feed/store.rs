//! The SQL of the feed.

use std::collections::HashMap;

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, DatabaseTransaction,
    sea_query::{Order, SelectStatement},
};

use super::model::{FeedItem, FeedPage};
use crate::{
    platform::{
        db::WorldTables,
        error::StoreError,
        page::{self, Page},
    },
    traces::trace::Trace,
    worlds::{self, ChangeReason, LoggedChange, ScopeKey, WorldHead},
};

/// A place in the feed: the sequence number, the trace's id, and the reason of a change.
type Entry = (i64, i64, Option<ChangeReason>);

/// A page of the changes in the world, or in a scope of it, after a sequence number; nothing if the change log no longer
/// reaches back to it, or the world has not reached it.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tables: &WorldTables,
    scope: Option<&ScopeKey>,
    after: i64,
    limit: usize,
) -> Result<Option<FeedPage>, StoreError> {
    // One transaction, so that all is read from one snapshot: ids follow the order of commits, and whatever is committed
    // later has a higher one.
    let transaction = tables.begin_reading().await?;
    let rows: Vec<WorldHead> = tables.returned(&transaction, &worlds::select_head(tables)).await?;
    let Some(WorldHead { seq, forgotten }) = rows.into_iter().next() else { return Ok(None) };
    if after < forgotten || after > seq {
        return Ok(None);
    }
    let (left, mut entries) = entries(tables, &transaction, scope, after, page::rows_for(limit)).await?;
    entries.sort_unstable_by_key(|(seq, ..)| *seq);
    let Page { items: entries, more } = Page::cut(entries, limit);
    let next = if more { entries.last().map_or(seq, |(last, ..)| *last) } else { seq };
    let mut traces: HashMap<i64, Trace> = left.into_iter().map(|trace| (trace.id, trace)).collect();
    let changed: Vec<i64> = entries
        .iter()
        .filter(|(_, id, reason)| reason.is_some_and(ChangeReason::keeps_visible) && !traces.contains_key(id))
        .map(|(_, id, _)| *id)
        .collect();
    if !changed.is_empty() {
        let select = visible(tables).and_where(tables.among(trace::Column::Id, &changed)).take();
        let rows = tables.returned(&transaction, &select).await?;
        traces.extend(Trace::from_rows(rows).into_iter().map(|trace| (trace.id, trace)));
    }
    let item = |(_, id, reason): Entry| {
        let trace = traces.get(&id).filter(|_| reason.is_none_or(ChangeReason::keeps_visible)).cloned();
        FeedItem { id, reason, trace }
    };
    Ok(Some(FeedPage { items: entries.into_iter().map(item).collect(), next, more }))
}

/// The traces left after a sequence number, and the entries of the feed: of each sort at most `limit`.
async fn entries(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    scope: Option<&ScopeKey>,
    after: i64,
    limit: u64,
) -> Result<(Vec<Trace>, Vec<Entry>), StoreError> {
    let left = visible(tables)
        .and_where(trace::Column::Id.gt(after))
        .and_where_option(scope.map(|scope| trace::Column::Scope.eq(scope.as_str())))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .take();
    let left = Trace::from_rows(tables.returned(transaction, &left).await?);
    let changes = worlds::select_changes(tables, scope, after, limit);
    let changes: Vec<LoggedChange> = tables.returned(transaction, &changes).await?;
    let mut entries: Vec<Entry> = left.iter().map(|trace| (trace.id, trace.id, None)).collect();
    entries.extend(changes.iter().map(|change| (change.seq, change.trace, change.reason())));
    Ok((left, entries))
}

/// The traces of the world that every player may see.
fn visible(tables: &WorldTables) -> SelectStatement {
    tables
        .select::<trace::Entity>()
        .and_where(trace::Column::Hidden.eq(false))
        .and_where(trace::Column::GroupKey.is_null())
        .take()
}
