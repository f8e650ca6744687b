//! The traces nearest to a position.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{FOUND, Store, found, union};
use crate::{
    platform::error::StoreError,
    traces::{
        search::model::{Position, SearchQuery, Visibility},
        trace::Trace,
    },
};

/// The most traces that are read to find the nearest, in equal parts for each scope, kind and direction. Beyond that, those
/// nearest along the x axis are read.
const MAX_READ: u64 = 16_384;

/// The alias of the square of a distance.
const SQUARE: &str = "square";

impl Store {
    /// The nearest visible traces within a radius, at most `limit`, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn nearest(
        &self,
        visibility: Visibility,
        query: &SearchQuery,
        (to, radius): ([f64; 3], f64),
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<Trace>, StoreError> {
        let directions = u64::try_from(query.scopes.len() * query.kinds.len() * 2).unwrap_or(u64::MAX);
        let each = MAX_READ / Ord::max(directions, 1);
        let [x, y, z] = to;
        let side = |part: &mut SelectStatement, up: bool| {
            part.columns([trace::Column::X, trace::Column::Y, trace::Column::Z])
                .columns([trace::Column::Hidden, trace::Column::GroupKey])
                .columns([trace::Column::ContentVersion, trace::Column::ExpiresAtMs])
                // Slightly more than the radius, so that rounding excludes nothing that is just within it.
                .and_where(if up { trace::Column::X.gte(x) } else { trace::Column::X.lt(x) })
                .and_where(if up {
                    trace::Column::X.lte((x + radius).next_up())
                } else {
                    trace::Column::X.gte((x - radius).next_down())
                })
                .order_by(trace::Column::X, if up { Order::Asc } else { Order::Desc })
                .limit(each);
        };
        let sides = [true, false].map(|up| self.parts(query, |part| side(part, up)));
        let Some(sides) = union(sides.into_iter().flatten()) else { return Ok(Vec::new()) };
        let difference = |column, to: f64| found(column).sub(to);
        let squared = |column, to| difference(column, to).mul(difference(column, to));
        let square = squared(trace::Column::X, x).add(squared(trace::Column::Y, y)).add(squared(trace::Column::Z, z));
        let measured = Query::select()
            .column(trace::Column::Id)
            .expr_as(square, SQUARE)
            .from_subquery(sides, FOUND)
            .cond_where(Self::is_visible(FOUND, visibility, query))
            .to_owned();
        let follows = |after: Position| {
            let square_then_id = Expr::tuple([Expr::col(SQUARE), Expr::col(trace::Column::Id)]);
            square_then_id.gt(Expr::tuple([Expr::val(after.key), Expr::val(after.id)]))
        };
        let ids = Query::select()
            .column(trace::Column::Id)
            .from_subquery(measured, "measured")
            .and_where(Expr::col(SQUARE).lte(radius * radius))
            .and_where_option(after.map(follows))
            .order_by(SQUARE, Order::Asc)
            .order_by(trace::Column::Id, Order::Asc)
            .limit(limit)
            .to_owned();
        self.read(ids).await
    }
}
