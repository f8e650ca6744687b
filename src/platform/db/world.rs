//! The handle on one world's rows: [`WorldTables`] adds `world = …` to each statement, as [`Tenant`] adds the schema.
//!
//! It works on tables that say which of their columns holds the world's key ([`InWorld`]); it knows none of them. What
//! concerns a studio's worlds together (migrations, exports, the removal of expired rows) goes through
//! [`WorldTables::tenant`].

use entity::tenant::InWorld;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, FromQueryResult, IdenStatic, StatementBuilder,
    sea_query::{
        Alias, DeleteStatement, Expr, ExprTrait, InsertStatement, Query, SelectStatement, TableRef, UpdateStatement,
    },
};

use super::{rows::Row, tables::Dialect, tenant::Tenant};
use crate::platform::error::StoreError;

/// One world's rows in a studio's tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorldTables {
    tenant: Tenant,
    world: i32,
}

impl WorldTables {
    pub(super) fn new(tenant: Tenant, world: i32) -> Self {
        Self { tenant, world }
    }

    /// The world's key in the studio's tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        self.world
    }

    /// All tables of the studio, without the predicate.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The SQL dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.tenant.dialect()
    }

    /// A query over all columns of the world's rows: `SELECT … FROM trace WHERE trace.world = $1`.
    #[must_use]
    pub fn select<E: InWorld>(&self) -> SelectStatement {
        self.tenant.select::<E>().and_where(self.only::<E>()).take()
    }

    /// A query over the world's rows, to which the caller adds columns: `SELECT FROM trace WHERE trace.world = $1`.
    #[must_use]
    pub fn select_from<E: InWorld>(&self) -> SelectStatement {
        Query::select().from(self.tenant.table(E::default())).and_where(self.only::<E>()).take()
    }

    /// As [`WorldTables::select_from`], with another name for the table: for a table that a statement names twice.
    #[must_use]
    pub fn select_from_as<E: InWorld>(&self, alias: &'static str) -> SelectStatement {
        Query::select().from_as(self.tenant.table(E::default()), alias).and_where(self.only_as::<E>(alias)).take()
    }

    /// An update of the world's rows, to which the caller adds values and conditions.
    #[must_use]
    pub fn update<E: InWorld>(&self) -> UpdateStatement {
        Query::update().table(self.tenant.table(E::default())).and_where(self.only::<E>()).take()
    }

    /// A deletion of the world's rows, to which the caller adds conditions.
    #[must_use]
    pub fn delete_from<E: InWorld>(&self) -> DeleteStatement {
        Query::delete().from_table(self.tenant.table(E::default())).and_where(self.only::<E>()).take()
    }

    /// An insertion, to which the caller adds columns and rows. The rows say for themselves which world they are in:
    /// give [`WorldTables::world`].
    #[must_use]
    pub fn insert_into<E: InWorld>(&self) -> InsertStatement {
        Query::insert().into_table(self.tenant.table(E::default())).take()
    }

    /// Joins the world's rows of another table, those for which `on` holds; a row that has none stays.
    pub fn left_join<E: InWorld>(&self, select: &mut SelectStatement, on: Expr) {
        select.left_join(self.tenant.table(E::default()), self.only::<E>().and(on));
    }

    /// Joins the world's rows of another table, those for which `on` holds; a row that has none goes.
    pub fn inner_join<E: InWorld>(&self, select: &mut SelectStatement, on: Expr) {
        select.inner_join(self.tenant.table(E::default()), self.only::<E>().and(on));
    }

    /// The predicate itself, `trace.world = $1`, for statements that the other functions can't begin.
    #[must_use]
    pub fn only<E: InWorld>(&self) -> Expr {
        E::WORLD.eq(self.world)
    }

    /// As [`WorldTables::only`], of a table that the statement gives another name.
    #[must_use]
    pub fn only_as<E: InWorld>(&self, alias: &'static str) -> Expr {
        Expr::col((Alias::new(alias), Alias::new(E::WORLD.as_str()))).eq(self.world)
    }

    /// As [`Tables::table`](super::Tables::table): the name alone, for a statement that takes its predicate from
    /// [`WorldTables::only`].
    #[must_use]
    pub fn table<E: InWorld>(&self, entity: E) -> TableRef {
        self.tenant.table(entity)
    }

    /// As [`Tables::among`](super::Tables::among).
    #[must_use]
    pub fn among(&self, column: impl ColumnTrait, ids: &[i64]) -> Expr {
        self.tenant.among(column, ids)
    }

    /// As [`Tables::among_those`](super::Tables::among_those).
    #[must_use]
    pub fn among_those(&self, column: impl Into<Expr>, values: SelectStatement) -> Expr {
        self.tenant.among_those(column, values)
    }

    /// The rows that a query gives.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn all<M: FromQueryResult>(&self, select: &SelectStatement) -> Result<Vec<M>, StoreError> {
        self.tenant.all(select).await
    }

    /// The rows that a query or a statement with a RETURNING clause gives in a transaction.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn returned<M: FromQueryResult>(
        &self,
        transaction: &DatabaseTransaction,
        statement: &impl StatementBuilder,
    ) -> Result<Vec<M>, StoreError> {
        self.tenant.returned(transaction, statement).await
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
        self.tenant.execute(transaction, statement).await
    }

    /// Inserts rows, as [`Tables::insert`](super::Tables::insert). They say for themselves which world they are in.
    ///
    /// # Errors
    /// A row was rejected, or timed out.
    pub async fn insert<A>(&self, transaction: &DatabaseTransaction, rows: Vec<A>) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: InWorld,
    {
        self.tenant.insert(transaction, rows).await
    }

    /// The world's rows for which `condition` holds, in the order of the primary key.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn rows_where<E: InWorld>(
        &self,
        transaction: &DatabaseTransaction,
        condition: Expr,
    ) -> Result<Vec<Row>, StoreError> {
        self.tenant.rows_where::<E>(transaction, self.only::<E>().and(condition)).await
    }

    /// Deletes the world's rows for which `condition` holds; returns how many.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn delete<E: InWorld>(
        &self,
        transaction: &DatabaseTransaction,
        entity: E,
        condition: Expr,
    ) -> Result<u64, StoreError> {
        self.tenant.delete(transaction, entity, self.only::<E>().and(condition)).await
    }

    /// Begins a transaction that writes, as [`Tables::begin`](super::Tables::begin).
    ///
    /// # Errors
    /// When the transaction can't begin within the deadline.
    pub async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        self.tenant.begin().await
    }

    /// Begins a transaction that reads, as [`Tables::begin_reading`](super::Tables::begin_reading).
    ///
    /// # Errors
    /// When the transaction can't begin within the deadline.
    pub async fn begin_reading(&self) -> Result<DatabaseTransaction, StoreError> {
        self.tenant.begin_reading().await
    }

    /// Commits a transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it may or may not have been committed.
    pub async fn commit(&self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        self.tenant.commit(transaction).await
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use entity::tenant::{
        traces::{recording, trace, vote},
        worlds::world,
    };
    use sea_orm::{
        DatabaseConnection,
        sea_query::{PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder},
    };

    use super::*;
    use crate::platform::db::{StudioId, Tables};

    fn world_seven(dialect: Dialect) -> WorldTables {
        let schema = (dialect == Dialect::Postgres).then(|| "studio_1".to_owned());
        let none = DatabaseConnection::default;
        let tables = Tables::new(dialect, schema, none(), none(), Arc::default(), Arc::default(), Duration::ZERO);
        Tenant::new(StudioId(1), tables).world(7)
    }

    /// The statement's text, values in their places, for PostgreSQL and SQLite.
    fn sql<S: QueryStatementWriter>(make: impl Fn(&WorldTables) -> S) -> [String; 2] {
        [
            make(&world_seven(Dialect::Postgres)).to_string(PostgresQueryBuilder),
            make(&world_seven(Dialect::Sqlite)).to_string(SqliteQueryBuilder),
        ]
    }

    #[test]
    fn a_query_over_all_columns_names_the_world() {
        let [postgres, sqlite] = sql(WorldTables::select::<vote::Entity>);
        assert_eq!(
            postgres,
            r#"SELECT "vote"."world", "vote"."trace", "vote"."player", "vote"."good", "vote"."weight", "#.to_owned()
                + r#""vote"."network", "vote"."at_ms" FROM "studio_1"."vote" WHERE "vote"."world" = 7"#
        );
        assert_eq!(sqlite, postgres.replace(r#""studio_1"."#, ""));
    }

    #[test]
    fn a_query_keeps_the_world_beside_the_conditions_of_the_caller() {
        let [postgres, sqlite] = sql(|tables| {
            tables.select_from::<trace::Entity>().column(trace::Column::Id).and_where(trace::Column::Id.gt(3)).take()
        });
        assert_eq!(postgres, r#"SELECT "id" FROM "studio_1"."trace" WHERE "trace"."world" = 7 AND "trace"."id" > 3"#);
        assert_eq!(sqlite, postgres.replace(r#""studio_1"."#, ""));
    }

    #[test]
    fn a_table_under_another_name_is_bound_to_the_world_under_that_name() {
        let [postgres, _] = sql(|tables| tables.select_from_as::<trace::Entity>("other").expr(Expr::cust("1")).take());
        assert_eq!(postgres, r#"SELECT 1 FROM "studio_1"."trace" AS "other" WHERE "other"."world" = 7"#);
    }

    #[test]
    fn an_update_and_a_deletion_name_the_world() {
        let [update, _] = sql(|tables| tables.update::<trace::Entity>().value(trace::Column::Hidden, true).take());
        assert_eq!(update, r#"UPDATE "studio_1"."trace" SET "hidden" = TRUE WHERE "trace"."world" = 7"#);
        let [delete, sqlite] = sql(WorldTables::delete_from::<trace::Entity>);
        assert_eq!(delete, r#"DELETE FROM "studio_1"."trace" WHERE "trace"."world" = 7"#);
        assert_eq!(sqlite, r#"DELETE FROM "trace" WHERE "trace"."world" = 7"#);
    }

    #[test]
    fn a_joined_table_is_bound_to_the_world_too() {
        let [postgres, _] = sql(|tables| {
            let mut select = tables.select_from::<trace::Entity>();
            let on = recording::Column::Id.into_expr().eq(trace::Column::Id.into_expr());
            tables.left_join::<recording::Entity>(&mut select, on);
            select.column((trace::Entity, trace::Column::Id)).take()
        });
        assert_eq!(
            postgres,
            r#"SELECT "trace"."id" FROM "studio_1"."trace" LEFT JOIN "studio_1"."recording" "#.to_owned()
                + r#"ON "recording"."world" = 7 AND "recording"."id" = "trace"."id" WHERE "trace"."world" = 7"#
        );
    }

    #[test]
    fn the_table_of_worlds_is_bound_by_its_own_key() {
        let [_, sqlite] = sql(|tables| tables.select_from::<world::Entity>().column(world::Column::Seq).take());
        assert_eq!(sqlite, r#"SELECT "seq" FROM "world" WHERE "world"."id" = 7"#);
    }
}
