//! The SQL of searches: one statement for the traces of a page, one for those that have gone. A bounded number of traces is
//! read from an index for each scope and kind, and only those that are shown are read in full.

mod cells;
mod nearest;
mod ordered;
mod ranked;

use std::{collections::BTreeMap, slice};

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};

use super::model::{Gone, MAX_GONE, SearchQuery, Visibility};
use crate::{
    platform::{
        db::{Tenant, WorldTables, union_all},
        error::StoreError,
        page::{self, Page},
    },
    traces::{TraceKind, trace::Trace},
    worlds::{self, ChangeReason, ScopeKey, WorldKey},
};

/// The alias of the rows that a statement selects from.
const FOUND: &str = "found";

/// The rows of a world.
#[derive(Clone, Debug)]
pub struct Store(WorldTables);

#[derive(FromQueryResult)]
struct ChangeRow {
    seq: i64,
    trace: i64,
    reason: i16,
}

/// A column of the rows that a statement selects from.
fn found<C: sea_orm::sea_query::Iden + 'static>(column: C) -> Expr {
    Expr::col((Alias::new(FOUND), column))
}

impl Store {
    /// The rows of a world in its studio's tables.
    #[must_use]
    pub fn new(tenant: &Tenant, world: WorldKey) -> Self {
        Self(tenant.world(world.world()))
    }

    /// The traces that have gone from these scopes, or from any scope if there are none, after a sequence number; without
    /// one, only the world's sequence number. Nothing if the change log no longer reaches back to `after`, or the world has
    /// not reached it. `is_gone` says for which reasons a trace has gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gone(
        &self,
        scopes: &[ScopeKey],
        after: Option<i64>,
        is_gone: impl Fn(ChangeReason) -> bool,
    ) -> Result<Option<Gone>, StoreError> {
        let head = Query::select()
            .column("seq")
            .expr_as(Expr::col("forgotten"), "trace")
            .expr_as(Expr::cust("CAST(0 AS smallint)"), "reason")
            .from_subquery(worlds::select_head(&self.0), "head")
            .to_owned();
        let changes =
            |scopes: &[ScopeKey], after: i64| worlds::select_changes(&self.0, scopes, after, page::rows_for(MAX_GONE));
        let mut parts = vec![head];
        if let Some(after) = after {
            parts.extend(scopes.iter().map(|scope| changes(slice::from_ref(scope), after)));
            parts.extend(scopes.is_empty().then(|| changes(&[], after)));
        }
        let Some(all) = union_all(parts) else { return Ok(None) };
        let mut rows: Vec<ChangeRow> = self.0.all(&all).await?;
        let Some(head) = rows.iter().position(|row| row.reason == 0).map(|at| rows.swap_remove(at)) else {
            return Ok(None);
        };
        if after.is_some_and(|after| after < head.trace || after > head.seq) {
            return Ok(None);
        }
        rows.sort_unstable_by_key(|row| row.seq);
        let Page { items: rows, more } = Page::cut(rows, MAX_GONE);
        let seq = if more { rows.last().map_or(head.seq, |row| row.seq) } else { head.seq };
        // In the order of the change log, so that the last change of a trace counts.
        let last: BTreeMap<i64, i16> = rows.into_iter().map(|row| (row.trace, row.reason)).collect();
        let has_gone = |reason: ChangeReason| !reason.keeps_visible() && is_gone(reason);
        let ids = last.into_iter().filter(|(_, code)| ChangeReason::of_code(*code).is_some_and(has_gone));
        Ok(Some(Gone { ids: ids.map(|(id, _)| id).collect(), seq, more }))
    }

    /// Selects the ids of the traces in one scope and of one kind.
    fn of_kind(&self, scope: &ScopeKey, kind: TraceKind) -> SelectStatement {
        self.0
            .select_from::<trace::Entity>()
            .column(trace::Column::Id)
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .take()
    }

    /// Selects the ids of the traces in each scope and of each kind of a search; `complete` adds to the statement of each.
    fn parts(&self, query: &SearchQuery, complete: impl Fn(&mut SelectStatement)) -> Option<SelectStatement> {
        union_all(query.scopes.iter().flat_map(|scope| query.kinds.iter().map(move |kind| (scope, *kind))).map(
            |(scope, kind)| {
                let mut select = self.of_kind(scope, kind);
                complete(&mut select);
                select
            },
        ))
    }

    /// Reads the traces whose ids a statement selects.
    async fn read(&self, ids: SelectStatement) -> Result<Vec<Trace>, StoreError> {
        let is_selected = self.0.among_those(Expr::col(trace::Column::Id), ids);
        let select = self.0.select::<trace::Entity>().and_where(is_selected).take();
        Ok(Trace::from_rows(self.0.all(&select).await?))
    }

    /// The condition that the row called `alias` is visible to a search.
    fn is_visible(alias: &'static str, visibility: Visibility, query: &SearchQuery) -> Condition {
        let column = |column: trace::Column| Expr::col((Alias::new(alias), column));
        let expires_at = column(trace::Column::ExpiresAtMs);
        Condition::all()
            .add(column(trace::Column::Hidden).eq(false))
            .add(column(trace::Column::ContentVersion).between(visibility.versions.min, visibility.versions.max))
            .add(expires_at.clone().is_null().or(expires_at.gt(visibility.now_ms)))
            .add(match &query.group {
                Some(group) => column(trace::Column::GroupKey).eq(group.as_str()),
                None => column(trace::Column::GroupKey).is_null(),
            })
    }
}
