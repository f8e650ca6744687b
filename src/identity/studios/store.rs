//! All SQL of studios, by what it is about.

mod audit;
mod games;
mod invitations;
mod key_changes;
mod key_requests;
mod keys;
mod members;
mod settings;
mod studios;
mod transfer;

use sea_orm::{
    DatabaseTransaction, EntityName, FromQueryResult,
    sea_query::{Expr, Query},
};

pub use self::{
    key_changes::ActiveKey,
    settings::SettingsTx,
    transfer::{ControlRows, Snapshot},
};
use crate::platform::{db::Database, error::StoreError};

/// Studios with their members, games and keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i32,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// A row that must exist is missing.
fn missing(what: &str) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::RecordNotFound(what.to_owned()))
}

impl Store {
    /// A store on that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// How many rows of a table fulfil `condition`.
    async fn count<E: EntityName>(
        &self,
        transaction: &DatabaseTransaction,
        entity: E,
        condition: Expr,
    ) -> Result<u64, StoreError> {
        let control = self.database.control();
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "count")
            .from(control.table(entity))
            .and_where(condition)
            .to_owned();
        let rows: Vec<CountRow> = control.returned(transaction, &count).await?;
        Ok(rows.first().map_or(0, |row| row.count.unsigned_abs()))
    }
}
