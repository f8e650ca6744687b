//! The SQL of the feed.

use std::collections::HashMap;

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Order, SelectStatement},
};

use super::model::{FeedEvent, FeedItem, FeedPage, Rating};
use crate::{
    platform::{
        db::WorldTables,
        error::StoreError,
        page::{self, Page},
    },
    traces::trace::Trace,
    worlds::{self, ChangeReason, LoggedChange, ScopeKey, WorldHead},
};

/// What an entry of the feed is about.
#[derive(Clone, Copy)]
enum Sort {
    /// A trace was left.
    Left,
    /// An entry of the change log; nothing for a reason of a newer version.
    Changed(Option<ChangeReason>),
    /// Votes have changed.
    Rated(Rating),
}

/// A place in the feed.
struct Entry {
    seq: i64,
    trace: i64,
    sort: Sort,
}

#[derive(FromQueryResult)]
struct RatedRow {
    id: i64,
    rated_seq: i64,
    base_good: i32,
    good: i32,
    poor: i32,
    score: f64,
    uses: i32,
}

/// A page of the changes in the world, or in some scopes of it, after a sequence number; nothing if the change log no longer
/// reaches back to it, or the world has not reached it.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tables: &WorldTables,
    scopes: &[ScopeKey],
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
    if after == seq {
        return Ok(Some(FeedPage { items: Vec::new(), next: seq, more: false }));
    }
    let (left, mut entries) = entries(tables, &transaction, scopes, after, page::rows_for(limit)).await?;
    entries.sort_unstable_by_key(|entry| entry.seq);
    let Page { items: mut entries, more } = Page::cut(entries, limit);
    let next = if more { entries.last().map_or(seq, |last| last.seq) } else { seq };
    let mut traces: HashMap<i64, Trace> = left.into_iter().map(|trace| (trace.id, trace)).collect();
    let is_visible = |sort| matches!(sort, Sort::Changed(Some(reason)) if reason.keeps_visible());
    let changed = entries.iter().filter(|entry| is_visible(entry.sort) && !traces.contains_key(&entry.trace));
    let changed: Vec<i64> = changed.map(|entry| entry.trace).collect();
    if !changed.is_empty() {
        let select = visible(tables).and_where(tables.among(trace::Column::Id, &changed)).take();
        let rows = tables.returned(&transaction, &select).await?;
        traces.extend(Trace::from_rows(rows).into_iter().map(|trace| (trace.id, trace)));
    }
    // A trace that is shown in full shows its votes too.
    entries.retain(|entry| !matches!(entry.sort, Sort::Rated(_)) || !traces.contains_key(&entry.trace));
    let item = |Entry { trace, sort, .. }: Entry| {
        let event = match sort {
            Sort::Left => FeedEvent::Left(traces.get(&trace).cloned()),
            Sort::Changed(reason) => {
                let shown = traces.get(&trace).filter(|_| is_visible(sort));
                FeedEvent::Changed(reason, shown.cloned())
            }
            Sort::Rated(rating) => FeedEvent::Rated(rating),
        };
        FeedItem { id: trace, event }
    };
    Ok(Some(FeedPage { items: entries.into_iter().map(item).collect(), next, more }))
}

/// The traces left after a sequence number, and the entries of the feed: of each sort at most `limit`.
async fn entries(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    scopes: &[ScopeKey],
    after: i64,
    limit: u64,
) -> Result<(Vec<Trace>, Vec<Entry>), StoreError> {
    let left = visible(tables)
        .and_where(trace::Column::Id.gt(after))
        .and_where_option(worlds::in_scopes(trace::Column::Scope, scopes))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .take();
    let left = Trace::from_rows(tables.returned(transaction, &left).await?);
    let changes = worlds::select_changes(tables, scopes, after, limit);
    let changes: Vec<LoggedChange> = tables.returned(transaction, &changes).await?;
    let rated: Vec<RatedRow> = tables.returned(transaction, &select_rated(tables, scopes, after, limit)).await?;
    let mut entries: Vec<Entry> =
        left.iter().map(|trace| Entry { seq: trace.id, trace: trace.id, sort: Sort::Left }).collect();
    let logged =
        |change: LoggedChange| Entry { seq: change.seq, trace: change.trace, sort: Sort::Changed(change.reason()) };
    entries.extend(changes.into_iter().map(logged));
    let rating = |row: RatedRow| {
        let RatedRow { id, rated_seq, base_good, good, poor, score, uses } = row;
        let rating = Rating { good: base_good.saturating_add(good), poor, score, uses };
        Entry { seq: rated_seq, trace: id, sort: Sort::Rated(rating) }
    };
    entries.extend(rated.into_iter().map(rating));
    Ok((left, entries))
}

/// Selects the counters of the traces whose votes have changed after a sequence number. Those left after it are not among them:
/// they are shown in full.
fn select_rated(tables: &WorldTables, scopes: &[ScopeKey], after: i64, limit: u64) -> SelectStatement {
    only_visible(tables.select_from::<trace::Entity>())
        .columns([trace::Column::Id, trace::Column::RatedSeq, trace::Column::BaseGood, trace::Column::Good])
        .columns([trace::Column::Poor, trace::Column::Score, trace::Column::Uses])
        .and_where(trace::Column::RatedSeq.gt(after))
        .and_where(trace::Column::Id.lte(after))
        .and_where_option(worlds::in_scopes(trace::Column::Scope, scopes))
        .order_by(trace::Column::RatedSeq, Order::Asc)
        .limit(limit)
        .take()
}

/// The traces of the world that every player may see.
fn visible(tables: &WorldTables) -> SelectStatement {
    only_visible(tables.select::<trace::Entity>())
}

fn only_visible(mut select: SelectStatement) -> SelectStatement {
    select.and_where(trace::Column::Hidden.eq(false)).and_where(trace::Column::GroupKey.is_null()).take()
}
