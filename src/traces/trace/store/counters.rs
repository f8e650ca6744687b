//! The counters of traces: what votes, uses and reports read and change.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, Query, SelectStatement},
};

use crate::{
    platform::error::StoreError,
    traces::trace::{GroupKey, score::score},
    worlds::{ScopeKey, TraceLocation, WorldTx},
};

/// A trace's counters, with what is needed to change them.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct TraceCounters {
    /// Its id.
    pub id: i64,
    scope: String,
    /// Who left it.
    pub author: String,
    /// Whether the author is a player that was minted here.
    pub minted: bool,
    /// Votes for it that it came with.
    pub base_good: i32,
    /// Votes of players for it,
    pub good: i32,
    /// and against it.
    pub poor: i32,
    /// The weight of those for it, in quarters of a vote,
    pub good_weight: i32,
    /// and those against it.
    pub poor_weight: i32,
    /// How often it was used.
    pub uses: i32,
    /// How many players have reported it since a moderator last decided.
    pub reports: i32,
    /// Whether it is hidden from everybody.
    pub hidden: bool,
}

impl TraceCounters {
    /// Where it is.
    #[must_use]
    pub fn location(&self) -> TraceLocation {
        TraceLocation { id: self.id, scope: ScopeKey::stored(&self.scope) }
    }

    /// Votes for it, including those that it came with.
    #[must_use]
    pub fn all_good(&self) -> i32 {
        self.base_good.saturating_add(self.good)
    }

    /// Its score by its votes, 0 to 1. Votes that it came with weigh as much as those of established players.
    #[must_use]
    pub fn score(&self) -> f64 {
        const QUARTER: f64 = 0.25;
        let good = f64::from(self.base_good) + QUARTER * f64::from(self.good_weight);
        score(good, QUARTER * f64::from(self.poor_weight))
    }
}

impl WorldTx<'_> {
    fn select_counters(&self) -> SelectStatement {
        Query::select()
            .columns([trace::Column::Id, trace::Column::Scope, trace::Column::Author, trace::Column::Minted])
            .columns([trace::Column::BaseGood, trace::Column::Good, trace::Column::Poor])
            .columns([trace::Column::GoodWeight, trace::Column::PoorWeight, trace::Column::Uses])
            .columns([trace::Column::Reports, trace::Column::Hidden])
            .from(self.tables().table(trace::Entity))
            .and_where(trace::Column::World.eq(self.world()))
            .to_owned()
    }

    /// The counters of those of these traces that exist.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counters(&self, ids: &[i64]) -> Result<Vec<TraceCounters>, StoreError> {
        let find = self.select_counters().and_where(self.tables().among(trace::Column::Id, ids)).to_owned();
        self.tables().returned(self.transaction(), &find).await
    }

    /// The counters of a trace that a player of that group, or of none, can see: it exists, is not hidden, and has not expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_visible(&self, id: i64, group: Option<&GroupKey>) -> Result<Option<TraceCounters>, StoreError> {
        let lasts = Condition::any()
            .add(trace::Column::ExpiresAtMs.is_null())
            .add(trace::Column::ExpiresAtMs.gt(self.now_ms()));
        let seen = Condition::any()
            .add(trace::Column::GroupKey.is_null())
            .add_option(group.map(|group| trace::Column::GroupKey.eq(group.as_str())));
        let find = self
            .select_counters()
            .and_where(trace::Column::Id.eq(id))
            .and_where(trace::Column::Hidden.eq(false))
            .cond_where(lasts)
            .cond_where(seen)
            .to_owned();
        let rows: Vec<TraceCounters> = self.tables().returned(self.transaction(), &find).await?;
        Ok(rows.into_iter().next())
    }

    /// Saves a trace's counters, and whether it is hidden.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_counters(&self, counters: &TraceCounters) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.tables().table(trace::Entity))
            .value(trace::Column::Good, counters.good)
            .value(trace::Column::Poor, counters.poor)
            .value(trace::Column::GoodWeight, counters.good_weight)
            .value(trace::Column::PoorWeight, counters.poor_weight)
            .value(trace::Column::Score, counters.score())
            .value(trace::Column::Uses, counters.uses)
            .value(trace::Column::Reports, counters.reports)
            .value(trace::Column::Hidden, counters.hidden)
            .and_where(trace::Column::World.eq(self.world()))
            .and_where(trace::Column::Id.eq(counters.id))
            .to_owned();
        self.tables().execute(self.transaction(), &update).await?;
        Ok(())
    }

    /// Saves a moderator's decision: these traces are hidden, or not, and their reports count no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_hidden(&self, ids: &[i64], hidden: bool) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.tables().table(trace::Entity))
            .value(trace::Column::Reports, Expr::val(0))
            .value(trace::Column::Hidden, hidden)
            .and_where(trace::Column::World.eq(self.world()))
            .and_where(self.tables().among(trace::Column::Id, ids))
            .to_owned();
        self.tables().execute(self.transaction(), &update).await?;
        Ok(())
    }
}
