//! Whose a trace is: a player's own, or under a name that somebody claims on the v0 routes. No index has these names, since every
//! trace of v0 would pay for it: the world is looked through, a range of ids at a time.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order},
};

use crate::{platform::error::StoreError, worlds::WorldTx};

/// How many ids one statement looks at.
const IDS_AT_ONCE: i64 = 5_000;

#[derive(FromQueryResult)]
struct TraceIdRow {
    id: i64,
}

/// Some of the traces that are looked for.
#[derive(Debug)]
pub struct FoundTraces {
    /// Their ids.
    pub ids: Vec<i64>,
    /// The id after which there may be more; `None`: there are none.
    pub next: Option<i64>,
}

/// The traces of a player.
#[must_use]
pub fn is_own(player: &str) -> Expr {
    // Written as in the condition of the partial indexes on players' own traces: with a value in place of the word, SQLite would not
    // use them, and PostgreSQL not always.
    Expr::cust("minted").and(trace::Column::Author.eq(player))
}

/// The end of the range of ids after `after` that one statement looks at.
#[must_use]
pub fn end_of_range(after: i64, upto: i64) -> i64 {
    Ord::min(upto, after.saturating_add(IDS_AT_ONCE))
}

/// The traces under these names with ids greater than `after`, up to `end`.
#[must_use]
pub fn is_claimed(names: &[String], (after, end): (i64, i64)) -> Expr {
    let is_in_range = trace::Column::Id.gt(after).and(trace::Column::Id.lte(end));
    let is_claimed = trace::Column::Minted.eq(false).and(trace::Column::Author.is_in(names.iter().map(String::as_str)));
    is_in_range.and(is_claimed)
}

impl WorldTx<'_> {
    /// Traces under these names with ids greater than `after`, up to `upto`; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claimed_traces(
        &self,
        names: &[String],
        (after, upto): (i64, i64),
        limit: u64,
    ) -> Result<FoundTraces, StoreError> {
        let (tables, end) = (self.world_tables(), end_of_range(after, upto));
        let find = tables
            .select_from::<trace::Entity>()
            .column(trace::Column::Id)
            .and_where(is_claimed(names, (after, end)))
            // In the order of the primary key, so that no run scans again what earlier ones have deleted.
            .order_by(trace::Column::Id, Order::Asc)
            .limit(limit)
            .take();
        let rows: Vec<TraceIdRow> = tables.returned(self.transaction(), &find).await?;
        let ids: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
        let is_full = u64::try_from(ids.len()).is_ok_and(|count| count >= limit);
        let next = if is_full { ids.last().copied() } else { (end < upto).then_some(end) };
        Ok(FoundTraces { ids, next })
    }
}
