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
    /// The traces with the highest values of the columns `place`, visible or not, at most `limit`, in no order. `narrow`
    /// completes the statement of each scope and kind, and adds the columns of the place.
    async fn highest_places<const N: usize>(
        &self,
        query: &SearchQuery,
        place: [trace::Column; N],
        narrow: impl Fn(&mut SelectStatement),
        limit: u64,
    ) -> Result<Vec<Trace>, StoreError> {
        let highest_first = |select: &mut SelectStatement| {
            for column in place {
                select.order_by(column, Order::Desc);
            }
            select.limit(limit);
        };
        let parts = self.parts(query, |part| {
            narrow(part);
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
        let narrow = |part: &mut SelectStatement| {
            part.and_where_option(after.map(|after| trace::Column::Id.lt(after.id)));
        };
        let mut traces = self.highest_places(query, [trace::Column::Id], narrow, limit).await?;
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
        let place = [trace::Column::Score, trace::Column::Id];
        let follows = |after: Position| {
            Expr::tuple(place.map(Expr::col)).lt(Expr::tuple([Expr::val(after.key), Expr::val(after.id)]))
        };
        let narrow = |part: &mut SelectStatement| {
            part.column(trace::Column::Score).and_where(is_scored()).and_where_option(after.map(follows));
        };
        let mut traces = self.highest_places(query, place, narrow, limit).await?;
        traces.sort_unstable_by(|one, other| other.score.total_cmp(&one.score).then(other.id.cmp(&one.id)));
        Ok(traces)
    }
}
