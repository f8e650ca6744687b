//! The SQL of the feed.

use std::{collections::HashMap, slice};

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, Order, Query, SelectStatement},
};

use super::model::{FeedEvent, FeedItem, FeedPage, Rating};
use crate::{
    platform::{
        db::{WorldTables, union_all},
        error::StoreError,
        page::{self, Page},
    },
    traces::{TraceKind, trace::Trace},
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
    hidden: bool,
    group_key: Option<String>,
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
    let _turn = tables.tenant().turn().await?;
    let transaction = tables.begin_reading().await?;
    let rows: Vec<WorldHead> = tables.returned(&transaction, &worlds::select_head(tables)).await?;
    let Some(WorldHead { seq, forgotten }) = rows.into_iter().next() else { return Ok(None) };
    if after < forgotten || after > seq {
        return Ok(None);
    }
    if after == seq {
        return Ok(Some(FeedPage { items: Vec::new(), next: seq, more: false }));
    }
    let Found { left, mut entries, upto } = entries(tables, &transaction, scopes, after, page::rows_for(limit)).await?;
    entries.sort_unstable_by_key(|entry| entry.seq);
    let end = upto.unwrap_or(seq);
    entries.retain(|entry| entry.seq <= end);
    let Page { items: mut entries, more } = Page::cut(entries, limit);
    let next = if more { entries.last().map_or(end, |last| last.seq) } else { end };
    let more = more || upto.is_some();
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

/// What was found for a page.
struct Found {
    /// The visible traces that were left.
    left: Vec<Trace>,
    /// The entries, in no order.
    entries: Vec<Entry>,
    /// The sequence number up to which the entries are complete, where there are more after it.
    upto: Option<i64>,
}

/// The entries of the feed after a sequence number: of each sort at most `limit` rows are read, those among them that players may
/// not see included. So a page costs no more where there are many of these; it has fewer items.
async fn entries(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    scopes: &[ScopeKey],
    after: i64,
    limit: u64,
) -> Result<Found, StoreError> {
    let mut left: Vec<trace::Model> = tables.returned(transaction, &select_left(tables, scopes, after, limit)).await?;
    left.sort_unstable_by_key(|row| row.id);
    let changes = select_in_scopes(scopes, |scopes| worlds::select_changes(tables, scopes, after, limit));
    let mut changes: Vec<LoggedChange> = tables.returned(transaction, &changes).await?;
    changes.sort_unstable_by_key(|change| change.seq);
    // Of traces left after it the counters are shown with the trace. So there is nothing to look for from the beginning.
    let mut rated: Vec<RatedRow> = if after > 0 {
        let rated = select_in_scopes(scopes, |scopes| select_rated(tables, scopes, after, limit));
        tables.returned(transaction, &rated).await?
    } else {
        Vec::new()
    };
    rated.sort_unstable_by_key(|row| row.rated_seq);
    let last = |read: usize, seqs: &mut dyn Iterator<Item = i64>| {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if read < limit { None } else { seqs.nth(limit - 1) }
    };
    let ends = [
        last(left.len(), &mut left.iter().map(|row| row.id)),
        last(changes.len(), &mut changes.iter().map(|change| change.seq)),
        last(rated.len(), &mut rated.iter().map(|row| row.rated_seq)),
    ];
    left.retain(|row| !row.hidden && row.group_key.is_none());
    let left = Trace::from_rows(left);
    let mut entries: Vec<Entry> =
        left.iter().map(|trace| Entry { seq: trace.id, trace: trace.id, sort: Sort::Left }).collect();
    let logged =
        |change: LoggedChange| Entry { seq: change.seq, trace: change.trace, sort: Sort::Changed(change.reason()) };
    entries.extend(changes.into_iter().map(logged));
    let rating = |row: RatedRow| {
        let RatedRow { id, rated_seq, base_good, good, poor, score, uses, .. } = row;
        let rating = Rating { good: base_good.saturating_add(good), poor, score, uses };
        Entry { seq: rated_seq, trace: id, sort: Sort::Rated(rating) }
    };
    let is_shown = |row: &RatedRow| row.id <= after && !row.hidden && row.group_key.is_none();
    entries.extend(rated.into_iter().filter(is_shown).map(rating));
    Ok(Found { left, entries, upto: ends.into_iter().flatten().min() })
}

/// What `select` selects in all scopes, or in each of some: an index has the order of one scope, and none that of several.
fn select_in_scopes(scopes: &[ScopeKey], select: impl Fn(&[ScopeKey]) -> SelectStatement) -> SelectStatement {
    let of_each = scopes.iter().map(|scope| select(slice::from_ref(scope)));
    union_all(of_each).unwrap_or_else(|| select(&[]))
}

/// Selects the first traces that were left after a sequence number.
fn select_left(tables: &WorldTables, scopes: &[ScopeKey], after: i64, limit: u64) -> SelectStatement {
    let first = |mut select: SelectStatement| {
        select.and_where(trace::Column::Id.gt(after)).order_by(trace::Column::Id, Order::Asc).limit(limit).take()
    };
    if scopes.is_empty() {
        return first(tables.select::<trace::Entity>());
    }
    let of_kind = |scope: &ScopeKey, kind: TraceKind| {
        let select = tables
            .select_from::<trace::Entity>()
            .column(trace::Column::Id)
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .take();
        first(select)
    };
    let parts = scopes.iter().flat_map(|scope| TraceKind::ALL.map(|kind| of_kind(scope, kind)));
    let ids = Query::select()
        .column(trace::Column::Id)
        .from_subquery(union_all(parts).unwrap_or_default(), "left")
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .to_owned();
    let is_left = tables.among_those(Expr::col(trace::Column::Id), ids);
    tables.select::<trace::Entity>().and_where(is_left).take()
}

/// Selects the counters of the first traces whose votes have changed after a sequence number.
fn select_rated(tables: &WorldTables, scopes: &[ScopeKey], after: i64, limit: u64) -> SelectStatement {
    tables
        .select_from::<trace::Entity>()
        .columns([trace::Column::Id, trace::Column::RatedSeq, trace::Column::BaseGood, trace::Column::Good])
        .columns([trace::Column::Poor, trace::Column::Score, trace::Column::Uses])
        .columns([trace::Column::Hidden, trace::Column::GroupKey])
        .and_where(trace::Column::RatedSeq.gt(after))
        .and_where_option(worlds::in_scopes(trace::Column::Scope, scopes))
        .order_by(trace::Column::RatedSeq, Order::Asc)
        .limit(limit)
        .take()
}

/// The traces of the world that every player may see.
fn visible(tables: &WorldTables) -> SelectStatement {
    let mut select = tables.select::<trace::Entity>();
    select.and_where(trace::Column::Hidden.eq(false)).and_where(trace::Column::GroupKey.is_null()).take()
}
