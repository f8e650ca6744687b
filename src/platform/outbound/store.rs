//! The requests that a host allows in a month, counted in the database: a restart forgets none, and all instances count together.

use entity::control::platform::outbound_month;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::platform::{clock, db::Control, error::StoreError};

/// The requests that a host allows in a month of the calendar, in UTC. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MonthlyBudget {
    control: Control,
    host: &'static str,
    limit: i64,
}

#[derive(FromQueryResult)]
struct UsedRow {
    #[expect(dead_code, reason = "the statement returns something")]
    used: i64,
}

fn month() -> String {
    clock::format(clock::now_ms()).chars().take("2026-11".len()).collect()
}

impl MonthlyBudget {
    /// So many requests to the host of that name.
    #[must_use]
    pub fn new(control: Control, host: &'static str, limit: u64) -> Self {
        Self { control, host, limit: i64::try_from(limit).unwrap_or(i64::MAX) }
    }

    /// Whether a request may be made; counts it then.
    ///
    /// # Errors
    /// [`StoreError`]: then it must not be made.
    pub async fn take(&self) -> Result<bool, StoreError> {
        let row = outbound_month::ActiveModel { host: Set(self.host.to_owned()), month: Set(month()), used: Set(1) };
        let used = || Expr::col(("outbound_month", outbound_month::Column::Used));
        let more = OnConflict::columns([outbound_month::Column::Host, outbound_month::Column::Month])
            .value(outbound_month::Column::Used, used().add(1))
            .action_and_where(used().lt(self.limit))
            .to_owned();
        let mut insert = outbound_month::Entity::insert(row).into_query();
        insert
            .into_table(self.control.table(outbound_month::Entity))
            .on_conflict(more)
            .returning_col(outbound_month::Column::Used);
        let rows: Vec<UsedRow> = self.control.write_one(&insert).await?;
        Ok(!rows.is_empty())
    }

    /// Whether no request may be made in this month any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_used_up(&self) -> Result<bool, StoreError> {
        let of_host = outbound_month::Column::Host.eq(self.host);
        let of_month = outbound_month::Column::Month.eq(month());
        let select = self.control.select::<outbound_month::Entity>().and_where(of_host).and_where(of_month).to_owned();
        let rows: Vec<outbound_month::Model> = self.control.all(&select).await?;
        Ok(rows.first().is_some_and(|row| row.used >= self.limit))
    }
}
