//! The tables of one schema or file, and the operations on them: what the handles on the control tables and on a
//! studio's tables have in common.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    EntityName, EntityTrait, FromQueryResult, IsolationLevel, Iterable, QueryResult, QueryTrait, SqliteTransactionMode,
    Statement, StatementBuilder, TransactionOptions, TransactionTrait,
    sea_query::{
        Alias, Expr, ExprTrait, Func, IntoTableRef, Query, SelectStatement, TableRef, UnionType,
        extension::postgres::PgFunc,
    },
    sqlx::PgPool,
};

use super::{
    deadline::end_of_call,
    disk::DiskSpace,
    tenant::StudioId,
    turns::{Turn, Turns},
};
use crate::platform::error::StoreError;

/// The SQL dialect, for the few statements that must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    fn backend(self) -> DbBackend {
        match self {
            Self::Postgres => DbBackend::Postgres,
            Self::Sqlite => DbBackend::Sqlite,
        }
    }
}

/// The target of the event that each statement emits, at level TRACE: its text as field `sql`, without its values.
pub const STATEMENTS: &str = "cairn::statements";

/// Tables of one schema or file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tables(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dialect: Dialect,
    /// `None` where names need no schema.
    schema: Option<String>,
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Set after a failure on the writing connection.
    suspect: Arc<AtomicBool>,
    disk: Arc<DiskSpace>,
    deadline: Duration,
    /// Where the reading connections are shared with other studios.
    turns: Option<(Turns, StudioId)>,
}

impl Tables {
    pub(super) fn new(
        dialect: Dialect,
        schema: Option<String>,
        read: DatabaseConnection,
        write: DatabaseConnection,
        suspect: Arc<AtomicBool>,
        disk: Arc<DiskSpace>,
        deadline: Duration,
    ) -> Self {
        Self(Arc::new(Inner { dialect, schema, read, write, suspect, disk, deadline, turns: None }))
    }

    /// The same, where a studio shares the reading connections with others.
    pub(super) fn taking_turns(mut self, turns: Turns, studio: StudioId) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.turns = Some((turns, studio));
        }
        self
    }

    /// Waits for the studio's turn at the reading connections, to be held during a transaction that reads. Single queries do so by
    /// themselves.
    ///
    /// # Errors
    /// It did not come within the deadline.
    pub async fn turn(&self) -> Result<Option<Turn>, StoreError> {
        self.with_deadline(async { Ok(self.next_turn().await) }).await
    }

    async fn next_turn(&self) -> Option<Turn> {
        match &self.0.turns {
            Some((turns, studio)) => Some(turns.take(*studio).await),
            None => None,
        }
    }

    /// The SQL dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// The table of that entity.
    pub fn table<E: EntityName>(&self, entity: E) -> TableRef {
        self.table_named(entity.table_name())
    }

    /// The table of that name, which has no entity.
    #[must_use]
    pub fn table_named(&self, name: &str) -> TableRef {
        match &self.0.schema {
            Some(schema) => (Alias::new(schema), Alias::new(name)).into_table_ref(),
            None => Alias::new(name).into_table_ref(),
        }
    }

    /// Replaces `{schema}.` by the tables' schema, in statements that are written as text.
    #[must_use]
    pub fn qualify(&self, statement: &str) -> String {
        let schema = self.0.schema.as_ref().map_or_else(String::new, |schema| format!(r#""{schema}"."#));
        statement.replace("{schema}.", &schema)
    }

    /// A query over the table of that entity, all columns.
    #[must_use]
    pub fn select<E: EntityTrait>(&self) -> SelectStatement {
        let mut select = Query::select();
        let from = Alias::new(E::default().table_name());
        select.from(self.table(E::default()));
        for column in E::Column::iter() {
            select.expr(Expr::col((from.clone(), column)));
        }
        select
    }

    /// The condition that a column holds one of these ids.
    ///
    /// PostgreSQL gets them as one array, so that the statement does not depend on their number and is prepared once.
    /// The range is added because without statistics (a new table) PostgreSQL would scan the whole table.
    #[must_use]
    pub fn among(&self, column: impl ColumnTrait, ids: &[i64]) -> Expr {
        let min = ids.iter().copied().min().unwrap_or_default();
        let max = ids.iter().copied().max().unwrap_or_default();
        let is_one = match self.dialect() {
            Dialect::Postgres => column.into_expr().eq(PgFunc::any(ids.to_vec())),
            Dialect::Sqlite => column.is_in(ids.iter().copied()),
        };
        column.between(min, max).and(is_one)
    }

    /// The condition that a column holds one of the few values of a subquery, as [`Tables::among`]. In this form
    /// PostgreSQL looks each value up in the index, where it would otherwise scan a table that is not large.
    #[must_use]
    pub fn among_those(&self, column: impl Into<Expr>, values: SelectStatement) -> Expr {
        let column = column.into();
        match self.0.dialect {
            Dialect::Postgres => {
                let list = Func::cust("ARRAY").arg(Expr::SubQuery(None, Box::new(values.into())));
                column.eq(Func::cust("ANY").arg(list))
            }
            Dialect::Sqlite => column.in_subquery(values),
        }
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn all<M: FromQueryResult>(&self, select: &SelectStatement) -> Result<Vec<M>, StoreError> {
        let statement = self.build(select);
        let query = async {
            let _turn = self.next_turn().await;
            self.0.read.query_all_raw(statement).await
        };
        let rows = self.with_deadline(query).await?;
        Ok(rows.iter().map(|row| M::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// Runs one writing statement that returns rows, as a transaction of its own.
    ///
    /// # Errors
    /// The statement failed, or timed out: then it may or may not have taken effect.
    pub async fn write_once<M: FromQueryResult>(&self, statement: Statement) -> Result<Vec<M>, StoreError> {
        trace(&statement);
        let rows = self.write(self.0.write.query_all_raw(statement)).await?;
        self.0.disk.has_stored();
        Ok(rows.iter().map(|row| M::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// As [`Tables::write_once`], of a statement that is built here.
    ///
    /// # Errors
    /// As there.
    pub async fn write_one<M: FromQueryResult>(&self, statement: &impl StatementBuilder) -> Result<Vec<M>, StoreError> {
        self.write_once(self.0.dialect.backend().build(statement)).await
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once: a transaction that begins by
    /// reading could later find the lock taken, and fail at once whatever the time-out.
    ///
    /// # Errors
    /// When the transaction can't begin within the deadline.
    pub async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.write(self.0.write.begin_with_options(options)).await
    }

    /// Inserts rows into the table of that entity, in as few statements as the limit on bound values allows. After an
    /// error the transaction can only be rolled back.
    ///
    /// # Errors
    /// A row was rejected, or timed out.
    pub async fn insert<A>(&self, transaction: &DatabaseTransaction, rows: Vec<A>) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
    {
        // SQLite allows 32,766 values in a statement, PostgreSQL 65,535.
        let per_statement = 32_000 / <A::Entity as EntityTrait>::Column::iter().count().max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<A> = rows.by_ref().take(per_statement).collect();
            let mut insert = A::Entity::insert_many(chunk).into_query();
            insert.into_table(self.table(A::Entity::default()));
            let mut statement = self.build(&insert);
            if self.0.dialect == Dialect::Sqlite {
                // Spares SQLite the journal that would undo this statement alone.
                statement.sql = statement.sql.replacen("INSERT", "INSERT OR FAIL", 1);
            }
            self.write(transaction.execute_raw(statement)).await?;
        }
        Ok(())
    }

    /// Runs a statement in a transaction; returns how many rows it touched.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn execute(
        &self,
        transaction: &DatabaseTransaction,
        statement: &impl StatementBuilder,
    ) -> Result<u64, StoreError> {
        Ok(self.write(transaction.execute_raw(self.build(statement))).await?.rows_affected())
    }

    /// Begins a read-only transaction on a consistent snapshot of all tables.
    ///
    /// # Errors
    /// When the transaction can't begin within the deadline.
    pub async fn begin_reading(&self) -> Result<DatabaseTransaction, StoreError> {
        // On SQLite every reading transaction has this isolation.
        let isolation_level = (self.0.dialect == Dialect::Postgres).then_some(IsolationLevel::RepeatableRead);
        let options = TransactionOptions { isolation_level, ..TransactionOptions::default() };
        self.with_deadline(self.0.read.begin_with_options(options)).await
    }

    /// Runs a query in a transaction.
    pub(super) async fn query(
        &self,
        transaction: &DatabaseTransaction,
        select: &SelectStatement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.with_deadline(transaction.query_all_raw(self.build(select))).await
    }

    /// Runs a statement with a RETURNING clause in a transaction.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn returned<M: FromQueryResult>(
        &self,
        transaction: &DatabaseTransaction,
        statement: &impl StatementBuilder,
    ) -> Result<Vec<M>, StoreError> {
        let rows = self.write(transaction.query_all_raw(self.build(statement))).await?;
        Ok(rows.iter().map(|row| M::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// Deletes the rows of a table for which `condition` holds; returns how many.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn delete<E: EntityName>(
        &self,
        transaction: &DatabaseTransaction,
        entity: E,
        condition: Expr,
    ) -> Result<u64, StoreError> {
        let delete = Query::delete().from_table(self.table(entity)).and_where(condition).to_owned();
        self.execute(transaction, &delete).await
    }

    /// Commits a transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it may or may not have been committed.
    pub async fn commit(&self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        self.write(transaction.commit()).await?;
        self.0.disk.has_stored();
        Ok(())
    }

    /// Refuses what is about to promise something that must be stored.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`].
    pub fn check_room(&self) -> Result<(), StoreError> {
        if self.0.disk.is_full() { Err(StoreError::DiskFull("there is no room left".to_owned())) } else { Ok(()) }
    }

    /// The text and the values of a statement.
    fn build(&self, statement: &impl StatementBuilder) -> Statement {
        let statement = self.0.dialect.backend().build(statement);
        trace(&statement);
        statement
    }

    /// The pool of writing connections to PostgreSQL.
    pub(super) fn postgres(&self) -> &PgPool {
        self.0.write.get_postgres_connection_pool()
    }

    /// The reading connections.
    pub(super) fn read_connection(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// Closes the connections. A call that still runs is not waited for longer than it may take.
    pub(super) async fn close(&self) {
        let closing = async {
            self.0.write.close_by_ref().await?;
            self.0.read.close_by_ref().await
        };
        match tokio::time::timeout(self.0.deadline, closing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "closing the database failed"),
            Err(_) => tracing::warn!("closing the database took too long"),
        }
    }

    /// As [`Tables::with_deadline`], for the writing connection: a failure marks it as suspect.
    async fn write<T>(&self, call: impl Future<Output = Result<T, DbErr>>) -> Result<T, StoreError> {
        let outcome = self.with_deadline(call).await;
        if outcome.is_err() {
            self.0.suspect.store(true, Ordering::Release);
        }
        outcome
    }

    /// Awaits a call, with the time-out.
    ///
    /// # Errors
    /// The call's error, or [`StoreError::Unavailable`] after the time-out.
    pub(super) async fn with_deadline<T>(&self, call: impl Future<Output = Result<T, DbErr>>) -> Result<T, StoreError> {
        let outcome = match tokio::time::timeout_at(end_of_call(self.0.deadline), call).await {
            Ok(outcome) => outcome.map_err(StoreError::from),
            Err(_) => Err(StoreError::Unavailable("timed out".to_owned())),
        };
        outcome.map_err(|error| self.0.disk.examine(error))
    }
}

/// All rows of these statements, each of which may have an order and a limit of its own; `None` without statements.
#[must_use]
pub fn union_all(parts: impl IntoIterator<Item = SelectStatement>) -> Option<SelectStatement> {
    let mut parts =
        parts.into_iter().map(|part| Query::select().expr(Expr::cust("*")).from_subquery(part, "part").to_owned());
    let mut all = parts.next()?;
    for part in parts {
        all.union(UnionType::All, part);
    }
    Some(all)
}

fn trace(statement: &Statement) {
    tracing::trace!(target: STATEMENTS, sql = statement.sql);
}
