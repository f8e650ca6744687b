//! The traces nearest to a position.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{FOUND, Store, cells};
use crate::{
    platform::{db::union_all, error::StoreError},
    traces::{
        search::model::{Position, SearchQuery, Visibility, squared_distance},
        trace::Trace,
    },
};

/// The most traces that are read to see whether a space is crowded. A crowded one is made smaller.
const FEW: u64 = 1_024;

/// The most traces that are read to find the nearest. Of a crowd beyond that in a single cell, some are left out.
const MAX_READ: u64 = 16_384;

/// A crowded space becomes so much narrower.
const NARROWER: f64 = 8.0;

/// A space with too few traces becomes so much wider.
const WIDER: f64 = 2.0;

/// A trace with a position, as it is read to be compared.
#[derive(FromQueryResult)]
struct Candidate {
    id: i64,
    x: f64,
    y: f64,
    z: f64,
    shown: i32,
}

/// What was read of a space.
struct Space {
    /// The squared distance and the id of each visible trace.
    visible: Vec<(f64, i64)>,
    /// Whether these are all.
    is_whole: bool,
}

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
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut reach = radius;
        let mut space = self.within(visibility, query, (to, reach), FEW).await?;
        while !space.is_whole && reach > cells::WIDTH {
            reach = (reach / NARROWER).max(cells::WIDTH);
            space = self.within(visibility, query, (to, reach), FEW).await?;
        }
        let mut nearest = Vec::new();
        loop {
            // Nothing that was not read is nearer than these.
            nearest = if space.is_whole { chosen(space.visible, reach, after, limit) } else { nearest };
            if nearest.len() >= limit || (space.is_whole && reach >= radius) {
                break;
            }
            reach = if space.is_whole { (reach * WIDER).min(radius) } else { reach };
            space = self.within(visibility, query, (to, reach), MAX_READ).await?;
            if !space.is_whole {
                let read = nearest.into_iter().chain(space.visible).collect();
                nearest = chosen(read, radius, after, limit);
                break;
            }
        }
        let ids: Vec<i64> = nearest.into_iter().map(|(_, id)| id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let select = self.0.select::<trace::Entity>().and_where(self.0.among(trace::Column::Id, &ids)).take();
        Ok(Trace::from_rows(self.0.all(&select).await?))
    }

    /// Reads the traces in the cells around a position, at most `limit`.
    async fn within(
        &self,
        visibility: Visibility,
        query: &SearchQuery,
        (to, reach): ([f64; 3], f64),
        limit: u64,
    ) -> Result<Space, StoreError> {
        let cell = || Expr::col("cell");
        let parts = cells::around(to, reach).into_iter().filter_map(|(first, last)| {
            self.parts(query, |part| {
                part.columns([trace::Column::X, trace::Column::Y, trace::Column::Z])
                    .columns([trace::Column::Hidden, trace::Column::GroupKey])
                    .columns([trace::Column::ContentVersion, trace::Column::ExpiresAtMs])
                    .and_where(cell().gte(first))
                    .and_where(cell().lte(last))
                    // Written as in the condition of the partial index.
                    .and_where(trace::Column::X.is_not_null())
                    .limit(limit);
            })
        });
        let whole = || Space { visible: Vec::new(), is_whole: true };
        let Some(all) = union_all(parts) else { return Ok(whole()) };
        let is_visible = Expr::case(Self::is_visible(FOUND, visibility, query), Expr::val(1)).finally(Expr::val(0));
        let select = Query::select()
            .columns([trace::Column::Id, trace::Column::X, trace::Column::Y, trace::Column::Z])
            .expr_as(Expr::Case(Box::new(is_visible)), "shown")
            .from_subquery(all, FOUND)
            .limit(limit)
            .to_owned();
        let read: Vec<Candidate> = self.0.all(&select).await?;
        let is_whole = u64::try_from(read.len()).unwrap_or(u64::MAX) < limit;
        let found = |row: &Candidate| (squared_distance([row.x, row.y, row.z], to), row.id);
        let visible = read.iter().filter(|row| row.shown != 0).map(found).collect();
        Ok(Space { visible, is_whole })
    }
}

/// The nearest of these within a reach and after a position, at most `limit`.
fn chosen(mut read: Vec<(f64, i64)>, reach: f64, after: Option<Position>, limit: usize) -> Vec<(f64, i64)> {
    let follows = |(square, id): (f64, i64)| after.is_none_or(|after| (square, id) > (after.key, after.id));
    read.retain(|found| found.0 <= reach * reach && follows(*found));
    read.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    read.dedup_by_key(|found| found.1);
    read.truncate(limit);
    read
}
