//! The newest traces, and those with the highest scores.

use std::cmp::Reverse;

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{FOUND, Store};
use crate::{
    platform::error::StoreError,
    traces::{
        search::model::{Position, SearchQuery},
        trace::{Trace, is_scored},
    },
};

impl Store {
    /// The traces with the highest values of the columns `sorted_by`, visible or not, at most `limit`, in no order. `complete`
    /// adds to the statement of each scope and kind, also the columns it is sorted by except the id.
    async fn highest_by<const N: usize>(
        &self,
        query: &SearchQuery,
        sorted_by: [trace::Column; N],
        complete: impl Fn(&mut SelectStatement),
        limit: u64,
    ) -> Result<Vec<Trace>, StoreError> {
        let highest_first = |select: &mut SelectStatement| {
            for column in sorted_by {
                select.order_by(column, Order::Desc);
            }
            select.limit(limit);
        };
        let parts = self.parts(query, |part| {
            complete(part);
            part.and_where_option(query.group.as_ref().map(|group| trace::Column::GroupKey.eq(group.as_str())));
            highest_first(part);
        });
        let Some(parts) = parts else { return Ok(Vec::new()) };
        let mut ids = Query::select().column(trace::Column::Id).from_subquery(parts, FOUND).to_owned();
        highest_first(&mut ids);
        self.read(ids).await
    }

    /// The newest traces, visible or not, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        query: &SearchQuery,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<Trace>, StoreError> {
        let complete = |part: &mut SelectStatement| {
            part.and_where_option(after.map(|after| trace::Column::Id.lt(after.id)));
        };
        let mut traces = self.highest_by(query, [trace::Column::Id], complete, limit).await?;
        traces.sort_unstable_by_key(|trace| Reverse(trace.id));
        Ok(traces)
    }

    /// The traces with the highest scores, visible or not, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn highest(
        &self,
        query: &SearchQuery,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<Trace>, StoreError> {
        let score_then_id = [trace::Column::Score, trace::Column::Id];
        let follows = |after: Position| {
            Expr::tuple(score_then_id.map(Expr::col)).lt(Expr::tuple([Expr::val(after.key), Expr::val(after.id)]))
        };
        let complete = |part: &mut SelectStatement| {
            part.column(trace::Column::Score).and_where(is_scored()).and_where_option(after.map(follows));
        };
        let mut traces = self.highest_by(query, score_then_id, complete, limit).await?;
        traces.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
        Ok(traces)
    }
}
