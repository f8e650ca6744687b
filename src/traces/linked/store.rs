//! The SQL of the traces of linked players.

use entity::tenant::traces::trace;
use sea_orm::{
    FromQueryResult,
    sea_query::{Expr, Order, Query},
};

use super::model::Totals;
use crate::{
    identity::access::Player,
    platform::{db::Database, error::StoreError},
    traces::trace::{Trace, is_own},
};

/// Reads traces of players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct TotalsRow {
    traces: i64,
    met: i64,
    good: i64,
    poor: i64,
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl Store {
    /// A store in that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The traces of a player that were used most, at most `limit`; and all of them, counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn best_met(&self, player: &Player, limit: u64) -> Result<(Vec<Trace>, Totals), StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let author = player.id.to_string();
        let totals = tables
            .select_from::<trace::Entity>()
            .expr_as(Expr::cust("count(*)"), "traces")
            .expr_as(Expr::cust("CAST(coalesce(sum(uses), 0) AS BIGINT)"), "met")
            .expr_as(Expr::cust("CAST(coalesce(sum(base_good + good), 0) AS BIGINT)"), "good")
            .expr_as(Expr::cust("CAST(coalesce(sum(poor), 0) AS BIGINT)"), "poor")
            .and_where(is_own(&author))
            .take();
        let totals: Option<TotalsRow> = tables.all(&totals).await?.pop();
        let totals = totals.map_or_else(Totals::default, |row| Totals {
            traces: count(row.traces),
            met: count(row.met),
            good: count(row.good),
            poor: count(row.poor),
        });
        if totals.traces == 0 {
            return Ok((Vec::new(), totals));
        }
        let best = tables
            .select_from::<trace::Entity>()
            .column(trace::Column::Id)
            .and_where(is_own(&author))
            .order_by(trace::Column::Uses, Order::Desc)
            .order_by(trace::Column::Id, Order::Desc)
            .limit(limit)
            .take();
        // A subquery of its own, so that SQLite too bounds what is read.
        let best = Query::select().column(trace::Column::Id).from_subquery(best, "best_met").to_owned();
        let select =
            tables.select::<trace::Entity>().and_where(tables.among_those(Expr::col(trace::Column::Id), best)).take();
        Ok((Trace::from_rows(tables.all(&select).await?), totals))
    }
}
