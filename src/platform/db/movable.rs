//! Tables as values: which tables move with a studio, without naming their entities. Each domain declares its own, and
//! whoever moves or deletes a studio goes through a list of them.

use std::fmt;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    DatabaseTransaction, EntityTrait, FromQueryResult, Statement,
    sea_query::{Alias, Expr, ExprTrait},
};

use super::{
    rows::Row,
    tables::{Dialect, Tables},
};
use crate::platform::error::StoreError;

type ReadRows = for<'a> fn(
    &'a Tables,
    &'a DatabaseTransaction,
    Option<&'a Row>,
    u64,
) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;

type InsertRows = for<'a> fn(&'a Tables, &'a DatabaseTransaction, &'a [Row]) -> BoxFuture<'a, Result<(), StoreError>>;

type DeleteRows = for<'a> fn(&'a Tables, &'a DatabaseTransaction, Expr) -> BoxFuture<'a, Result<u64, StoreError>>;

/// A table whose rows can be read, inserted and deleted whole, whatever its entity.
#[derive(Clone, Copy)]
pub struct MovableTable {
    name: fn() -> &'static str,
    /// The column that the database numbers by itself, if there is one.
    sequence: Option<&'static str>,
    read: ReadRows,
    insert: InsertRows,
    delete: DeleteRows,
}

#[derive(FromQueryResult)]
struct SetvalRow {
    #[expect(dead_code, reason = "the statement returns something")]
    setval: Option<i64>,
}

impl fmt::Debug for MovableTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MovableTable").field(&self.name()).finish()
    }
}

impl PartialEq for MovableTable {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl MovableTable {
    /// The table of an entity.
    #[must_use]
    pub fn of<E: EntityTrait>() -> Self {
        Self {
            name: || E::default().table_name(),
            sequence: None,
            read: |tables, transaction, after, limit| tables.rows_after::<E>(transaction, after, limit).boxed(),
            insert: |tables, transaction, rows| tables.insert_rows::<E>(transaction, rows).boxed(),
            delete: |tables, transaction, condition| tables.delete(transaction, E::default(), condition).boxed(),
        }
    }

    /// The same table, whose `column` the database numbers by itself: [`MovableTable::continue_sequence`] concerns it.
    #[must_use]
    pub fn with_sequence(self, column: &'static str) -> Self {
        Self { sequence: Some(column), ..self }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// As [`Tables::rows_after`].
    ///
    /// # Errors
    /// As [`Tables::rows_after`].
    pub async fn rows_after(
        &self,
        tables: &Tables,
        transaction: &DatabaseTransaction,
        after: Option<&Row>,
        limit: u64,
    ) -> Result<Vec<Row>, StoreError> {
        (self.read)(tables, transaction, after, limit).await
    }

    /// As [`Tables::insert_rows`].
    ///
    /// # Errors
    /// As [`Tables::insert_rows`].
    pub async fn insert_rows(
        &self,
        tables: &Tables,
        transaction: &DatabaseTransaction,
        rows: &[Row],
    ) -> Result<(), StoreError> {
        (self.insert)(tables, transaction, rows).await
    }

    /// Deletes the rows whose integer `column` holds one of `values`; returns how many.
    ///
    /// # Errors
    /// As [`Tables::delete`].
    pub async fn delete_rows(
        &self,
        tables: &Tables,
        transaction: &DatabaseTransaction,
        column: &'static str,
        values: &[i32],
    ) -> Result<u64, StoreError> {
        let condition = Expr::col(Alias::new(column)).is_in(values.iter().copied());
        (self.delete)(tables, transaction, condition).await
    }

    /// Lets the database number new rows after those that were inserted with their numbers: PostgreSQL does not do so by
    /// itself. Nothing happens where the table has no such column.
    ///
    /// # Errors
    /// The statement failed, or there was no answer in time.
    pub async fn continue_sequence(&self, tables: &Tables) -> Result<(), StoreError> {
        let Some(column) = self.sequence else { return Ok(()) };
        if tables.dialect() != Dialect::Postgres {
            return Ok(());
        }
        let table = self.name();
        let text = format!(
            "SELECT setval(pg_get_serial_sequence('{{schema}}.{table}', '{column}'), max({column})) FROM {{schema}}.{table}"
        );
        let statement = Statement::from_string(sea_orm::DbBackend::Postgres, tables.qualify(&text));
        let _set: Vec<SetvalRow> = tables.write_once(statement).await?;
        Ok(())
    }
}
