//! Bulk insertion into PostgreSQL by COPY: a [`CopyTransaction`] takes [`CopyRows`].
//!
//! SeaORM does not support COPY, so this uses the sqlx connection below it.

use std::sync::Arc;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self, AssertSqlSafe, Decode, Postgres, Row as _, Type, pool::PoolConnection, postgres::PgArguments,
        query::Query,
    },
};

use super::tables::Tables;
use crate::platform::error::StoreError;

/// The header of COPY's binary format (PostgreSQL's manual, COPY, Binary Format): its signature, no flags, no
/// extension.
const HEADER: [u8; 19] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// The trailer, in the place of a row's number of fields.
const TRAILER: i16 = -1;

/// A transaction on PostgreSQL in which rows can be copied in. Dropped before it is committed, it closes its
/// connection, which can't be used again in the middle of a COPY.
#[derive(Debug)]
pub struct CopyTransaction {
    tables: Tables,
    connection: PoolConnection<Postgres>,
    committed: bool,
}

impl CopyTransaction {
    /// Begins a transaction; for tables of [`Dialect::Postgres`](super::Dialect::Postgres) only.
    ///
    /// # Errors
    /// When the transaction can't begin within the deadline.
    pub async fn begin(tables: &Tables) -> Result<Self, StoreError> {
        // Boxed because it may have to open a connection, which takes 20 KiB.
        let connection = with_deadline(tables, Box::pin(tables.postgres().acquire())).await?;
        let mut transaction = Self { tables: tables.clone(), connection, committed: false };
        with_deadline(&transaction.tables, sqlx::raw_sql("BEGIN").execute(&mut *transaction.connection)).await?;
        Ok(transaction)
    }

    /// A statement on the studio's tables, with `{schema}.` before their names; the caller binds its values.
    pub fn statement(&self, text: &str) -> Query<'static, Postgres, PgArguments> {
        sqlx::query(AssertSqlSafe(self.tables.qualify(text)))
    }

    /// Runs a statement and returns the first column of its rows.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn column<T>(&mut self, statement: Query<'_, Postgres, PgArguments>) -> Result<Vec<T>, StoreError>
    where
        T: for<'row> Decode<'row, Postgres> + Type<Postgres>,
    {
        let rows = with_deadline(&self.tables, statement.fetch_all(&mut *self.connection)).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(to_db_err)?)
    }

    /// Runs a statement that returns nothing.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn execute(&mut self, statement: Query<'_, Postgres, PgArguments>) -> Result<(), StoreError> {
        with_deadline(&self.tables, statement.execute(&mut *self.connection)).await?;
        Ok(())
    }

    /// Copies rows into a table: `{schema}.`, its name, and its columns in the order of the rows' fields.
    ///
    /// # Errors
    /// A row was refused, or timed out.
    pub async fn copy(&mut self, into: &str, rows: CopyRows) -> Result<(), StoreError> {
        let statement = format!("COPY {} FROM STDIN (FORMAT binary)", self.tables.qualify(into));
        let connection = &mut self.connection;
        let copied = async {
            let mut copy = connection.copy_in_raw(&statement).await?;
            copy.send(rows.into_bytes()).await?;
            copy.finish().await
        };
        with_deadline(&self.tables, copied).await?;
        Ok(())
    }

    /// Commits the transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it may or may not have been committed.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        with_deadline(&self.tables, sqlx::raw_sql("COMMIT").execute(&mut *self.connection)).await?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for CopyTransaction {
    fn drop(&mut self) {
        if !self.committed {
            self.connection.close_on_drop();
        }
    }
}

async fn with_deadline<T>(
    tables: &Tables,
    call: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    tables.with_deadline(async { call.await.map_err(to_db_err) }).await
}

fn to_db_err(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

/// One field of a row. Its type must be exactly the column's: COPY converts nothing.
#[derive(Clone, Copy, Debug)]
pub enum CopyField<'a> {
    /// NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A smallint.
    Int2(i16),
    /// An integer.
    Int4(i32),
    /// A bigint.
    Int8(i64),
    /// A double precision.
    Float8(f64),
    /// A text.
    Text(&'a str),
    /// A bytea.
    Bytes(&'a [u8]),
}

/// Rows in the binary format of COPY.
#[derive(Debug)]
pub struct CopyRows(Vec<u8>);

impl Default for CopyRows {
    fn default() -> Self {
        Self(HEADER.to_vec())
    }
}

impl CopyRows {
    /// Adds a row.
    pub fn push<const N: usize>(&mut self, fields: [CopyField<'_>; N]) {
        // PostgreSQL's tables have at most 1,600 columns.
        self.0.extend(i16::try_from(N).unwrap_or(i16::MAX).to_be_bytes());
        for field in fields {
            match field {
                CopyField::Null => self.0.extend((-1_i32).to_be_bytes()),
                CopyField::Bool(value) => self.field(&[u8::from(value)]),
                CopyField::Int2(value) => self.field(&value.to_be_bytes()),
                CopyField::Int4(value) => self.field(&value.to_be_bytes()),
                CopyField::Int8(value) => self.field(&value.to_be_bytes()),
                CopyField::Float8(value) => self.field(&value.to_be_bytes()),
                CopyField::Text(value) => self.field(value.as_bytes()),
                CopyField::Bytes(value) => self.field(value),
            }
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len() == HEADER.len()
    }

    fn field(&mut self, bytes: &[u8]) {
        // PostgreSQL rejects fields of more than 1 GiB.
        self.0.extend(i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_be_bytes());
        self.0.extend(bytes);
    }

    fn into_bytes(mut self) -> Vec<u8> {
        self.0.extend(TRAILER.to_be_bytes());
        self.0
    }
}
