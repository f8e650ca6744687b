//! The ghosts beside a rank.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{FOUND, Store, found};
use crate::{
    platform::{db::union_all, error::StoreError},
    traces::{
        search::model::{RankWindow, SearchQuery, Visibility},
        trace::Trace,
    },
};

/// Ghosts that are read on each side of a rank for each one asked for, and ten times as many more: a player has few ghosts
/// in one scope.
const READ_PER_GHOST: u64 = 10;

/// The alias of another ghost of the same author.
const OTHER: &str = "other";

impl Store {
    /// The visible ghosts beside a rank, the best first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn around_rank(
        &self,
        visibility: Visibility,
        query: &SearchQuery,
        window: RankWindow,
    ) -> Result<Vec<Trace>, StoreError> {
        let sides = [(true, window.ahead), (false, window.behind)].into_iter().filter(|(_, wanted)| *wanted > 0);
        let sides = sides.filter_map(|(better, wanted)| self.on_one_side(visibility, query, window, better, wanted));
        let Some(sides) = union_all(sides) else { return Ok(Vec::new()) };
        let ids = Query::select().column(trace::Column::Id).from_subquery(sides, FOUND).to_owned();
        let mut traces = self.read(ids).await?;
        let rank = |trace: &Trace| trace.rank_value.unwrap_or_default();
        traces.sort_unstable_by(|a, b| rank(a).total_cmp(&rank(b)).then(a.id.cmp(&b.id)));
        Ok(traces)
    }

    /// Selects the ids of the ghosts on one side of a rank.
    fn on_one_side(
        &self,
        visibility: Visibility,
        query: &SearchQuery,
        window: RankWindow,
        better: bool,
        wanted: u16,
    ) -> Option<SelectStatement> {
        let order = if better { Order::Desc } else { Order::Asc };
        let rank = trace::Column::RankValue;
        let read = self.parts(query, |part| {
            part.columns([trace::Column::Kind, trace::Column::Scope, trace::Column::Author, rank])
                .columns([trace::Column::Hidden, trace::Column::GroupKey])
                .columns([trace::Column::ContentVersion, trace::Column::ExpiresAtMs])
                .and_where(if better { rank.lt(window.rank_value) } else { rank.gte(window.rank_value) })
                .order_by(rank, order.clone())
                .order_by(trace::Column::Id, order.clone())
                .limit(u64::from(wanted) * READ_PER_GHOST + READ_PER_GHOST * 10);
        })?;
        let mut chosen = Query::select()
            .column((Alias::new(FOUND), trace::Column::Id))
            .from_subquery(read, FOUND)
            .cond_where(Self::is_visible(FOUND, visibility, query))
            .order_by((Alias::new(FOUND), rank), order.clone())
            .order_by((Alias::new(FOUND), trace::Column::Id), order)
            .limit(u64::from(wanted))
            .to_owned();
        if window.best_per_author {
            chosen.and_where(Expr::exists(self.better_of_author(visibility, query)).not());
        }
        Some(chosen)
    }

    /// Selects a better ghost of the same author in the same scope.
    fn better_of_author(&self, visibility: Visibility, query: &SearchQuery) -> SelectStatement {
        let other = |column: trace::Column| Expr::col((Alias::new(OTHER), column));
        let same = [trace::Column::Author, trace::Column::Kind, trace::Column::Scope];
        let rank_then_id = [trace::Column::RankValue, trace::Column::Id];
        let mut select = self
            .0
            .select_from_as::<trace::Entity>(OTHER)
            .expr(Expr::cust("1"))
            // Written as in the condition of the partial index on authors.
            .and_where(other(trace::Column::Minted))
            .cond_where(Self::is_visible(OTHER, visibility, query))
            .and_where(Expr::tuple(rank_then_id.map(other)).lt(Expr::tuple(rank_then_id.map(found))))
            .take();
        for column in same {
            select.and_where(other(column).eq(found(column)));
        }
        select
    }
}
