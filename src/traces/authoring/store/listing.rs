//! An author's list of their own traces: those that are there, and those that have gone.

use std::collections::{BTreeMap, HashMap};

use entity::tenant::traces::{trace, trace_ref};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Order},
};

use super::{ReferenceRow, reads};
use crate::{
    platform::{db::WorldTables, error::StoreError},
    traces::authoring::model::{GoneTrace, OwnFilter, OwnItem},
    worlds,
};

/// An author's traces with ids after `after`, in order of their ids; at most `limit`. Those that have gone are among them as
/// long as the change log knows why.
///
/// # Errors
/// [`StoreError`].
pub async fn own_items(tables: &WorldTables, author: &str, after: i64, limit: u64) -> Result<Vec<OwnItem>, StoreError> {
    // In this order: a trace that goes between the two statements is in both, and counts as gone.
    let present = reads::own_page(tables, author, &OwnFilter::default(), after, limit).await?;
    let gone = gone(tables, author, after, limit).await?;
    let ids: Vec<i64> = present.iter().map(|trace| trace.id).collect();
    let mut references = references_of(tables, author, &ids).await?;
    let present = present.into_iter().map(|trace| {
        let reference = references.remove(&trace.id);
        (trace.id, OwnItem::Present { trace: Box::new(trace), reference })
    });
    let mut items: BTreeMap<i64, OwnItem> = present.collect();
    items.extend(gone.into_iter().map(|(trace, reference)| (trace.id, OwnItem::Gone { trace, reference })));
    Ok(items.into_values().take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
}

/// The traces of an author that have gone, with their references, in order of their ids; at least the first `limit`.
async fn gone(
    tables: &WorldTables,
    author: &str,
    after: i64,
    limit: u64,
) -> Result<Vec<(GoneTrace, Option<String>)>, StoreError> {
    let referred = ("trace_ref", trace_ref::Column::Trace);
    let trace = tables
        .select_from::<trace::Entity>()
        .expr(Expr::val(1))
        .and_where(Expr::col(("trace", trace::Column::Id)).equals(referred))
        .take();
    let select = tables
        .select::<trace_ref::Entity>()
        .and_where(trace_ref::Column::Author.eq(author))
        .and_where(trace_ref::Column::Trace.gt(after))
        .and_where(Expr::exists(trace).not())
        .and_where(worlds::has_changes(tables, referred))
        .order_by(trace_ref::Column::Trace, Order::Asc)
        .limit(limit)
        .take();
    let rows: Vec<ReferenceRow> = tables.all(&select).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.trace).collect();
    let reasons = reads::reasons(tables, &ids).await?;
    let gone = |row: ReferenceRow| {
        let trace = GoneTrace { id: row.trace, reason: reasons.get(&row.trace).copied().flatten() };
        (trace, row.sent())
    };
    Ok(rows.into_iter().map(gone).collect())
}

/// The references that an author's client gave to these traces.
async fn references_of(tables: &WorldTables, author: &str, ids: &[i64]) -> Result<HashMap<i64, String>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = tables
        .select::<trace_ref::Entity>()
        .and_where(trace_ref::Column::Author.eq(author))
        .and_where(tables.among(trace_ref::Column::Trace, ids))
        .take();
    let rows: Vec<ReferenceRow> = tables.all(&select).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.trace, row.sent()?))).collect())
}
