//! The counters of traces, which votes, uses and reports change.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, SelectStatement, UpdateStatement},
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
    /// The author: the id of a player where `minted` is set, else the `u_uuid` that a v0 client sent.
    pub author: String,
    /// Whether the author is a player known to this installation.
    pub minted: bool,
    /// Imported votes for it.
    pub base_good: i32,
    /// Players' votes for it.
    pub good: i32,
    /// Players' votes against it.
    pub poor: i32,
    /// The weight of players' votes for it, in quarters of a vote.
    pub good_weight: i32,
    /// The weight of players' votes against it, in quarters of a vote.
    pub poor_weight: i32,
    /// How often players have marked it as useful.
    pub uses: i32,
    /// The number of players who have reported it since a moderator last decided.
    pub reports: i32,
    /// The weight of those reports, in quarters of a report.
    pub report_weight: i32,
    /// Whether a moderator has decided about its content as it is.
    pub decided: bool,
    /// Whether it is hidden from all players.
    pub hidden: bool,
}

#[derive(FromQueryResult)]
struct GroupedRow {
    #[sea_orm(nested)]
    counters: TraceCounters,
    group_key: Option<String>,
}

impl TraceCounters {
    /// Its location.
    #[must_use]
    pub fn location(&self) -> TraceLocation {
        TraceLocation { id: self.id, scope: ScopeKey::stored(&self.scope) }
    }

    /// Votes for it, imported ones included.
    #[must_use]
    pub fn all_good(&self) -> i32 {
        self.base_good.saturating_add(self.good)
    }

    /// Its score, 0 to 1. An imported vote weighs as much as that of an established player.
    #[must_use]
    pub fn score(&self) -> f64 {
        const QUARTER: f64 = 0.25;
        let good = f64::from(self.base_good) + QUARTER * f64::from(self.good_weight);
        score(good, QUARTER * f64::from(self.poor_weight))
    }
}

impl WorldTx<'_> {
    fn select_counters(&self) -> SelectStatement {
        self.world_tables()
            .select_from::<trace::Entity>()
            .columns([trace::Column::Id, trace::Column::Scope, trace::Column::Author, trace::Column::Minted])
            .columns([trace::Column::BaseGood, trace::Column::Good, trace::Column::Poor])
            .columns([trace::Column::GoodWeight, trace::Column::PoorWeight, trace::Column::Uses])
            .columns([trace::Column::Reports, trace::Column::ReportWeight])
            .columns([trace::Column::Decided, trace::Column::Hidden])
            .take()
    }

    /// The counters of these traces; traces that don't exist are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counters(&self, ids: &[i64]) -> Result<Vec<TraceCounters>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = self.select_counters().and_where(self.tables().among(trace::Column::Id, ids)).to_owned();
        self.tables().returned(self.transaction(), &find).await
    }

    /// The counters of those of these traces that are neither hidden nor expired, each with its group.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_visible(&self, ids: &[i64]) -> Result<Vec<(TraceCounters, Option<GroupKey>)>, StoreError> {
        let not_expired = Condition::any()
            .add(trace::Column::ExpiresAtMs.is_null())
            .add(trace::Column::ExpiresAtMs.gt(self.now_ms()));
        let is_one = match ids {
            [id] => trace::Column::Id.eq(*id),
            several => self.tables().among(trace::Column::Id, several),
        };
        let find = self
            .select_counters()
            .column(trace::Column::GroupKey)
            .and_where(is_one)
            .and_where(trace::Column::Hidden.eq(false))
            .cond_where(not_expired)
            .to_owned();
        let rows: Vec<GroupedRow> = self.tables().returned(self.transaction(), &find).await?;
        let of_group = |row: GroupedRow| (row.counters, row.group_key.as_deref().map(GroupKey::stored));
        Ok(rows.into_iter().map(of_group).collect())
    }

    /// Saves a trace's counters and whether it is hidden.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_counters(&self, counters: &TraceCounters) -> Result<(), StoreError> {
        self.world_tables().execute(self.transaction(), &self.update_counters(counters)).await?;
        Ok(())
    }

    /// Saves a trace's counters after its votes have changed, and takes a place in the world's order for that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_votes(&mut self, counters: &TraceCounters) -> Result<(), StoreError> {
        let rated_seq = self.next_silent_seq(&counters.location().scope);
        let update = self.update_counters(counters).value(trace::Column::RatedSeq, rated_seq).take();
        self.world_tables().execute(self.transaction(), &update).await?;
        Ok(())
    }

    fn update_counters(&self, counters: &TraceCounters) -> UpdateStatement {
        self.world_tables()
            .update::<trace::Entity>()
            .value(trace::Column::Good, counters.good)
            .value(trace::Column::Poor, counters.poor)
            .value(trace::Column::GoodWeight, counters.good_weight)
            .value(trace::Column::PoorWeight, counters.poor_weight)
            .value(trace::Column::Score, counters.score())
            .value(trace::Column::Uses, counters.uses)
            .value(trace::Column::Reports, counters.reports)
            .value(trace::Column::ReportWeight, counters.report_weight)
            .value(trace::Column::Decided, counters.decided)
            .value(trace::Column::Hidden, counters.hidden)
            .and_where(trace::Column::Id.eq(counters.id))
            .take()
    }

    /// Saves a moderator's decision, which stands until their content changes: hides these traces or shows them again, and resets
    /// their reports.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_hidden(&self, ids: &[i64], hidden: bool) -> Result<(), StoreError> {
        let tables = self.world_tables();
        let update = tables
            .update::<trace::Entity>()
            .value(trace::Column::Reports, Expr::val(0))
            .value(trace::Column::ReportWeight, Expr::val(0))
            .value(trace::Column::Decided, true)
            .value(trace::Column::Hidden, hidden)
            .and_where(tables.among(trace::Column::Id, ids))
            .take();
        tables.execute(self.transaction(), &update).await?;
        Ok(())
    }
}
