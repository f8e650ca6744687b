//! A trace's id in the system that it was imported from, so that it is imported only once.

use sea_orm_migration::prelude::*;

/// A trace's id in the system that it was imported from, so that it is imported only once.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table("trace").add_column(ColumnDef::new("source_id").text()).to_owned();
        manager.alter_table(add).await?;
        // PostgreSQL and SQLite support partial indexes with the same syntax.
        let index =
            r#"CREATE UNIQUE INDEX "trace_source_id" ON "trace" ("world", "source_id") WHERE "source_id" IS NOT NULL"#;
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(r#"DROP INDEX "trace_source_id""#).await?;
        manager.alter_table(Table::alter().table("trace").drop_column("source_id").to_owned()).await
    }
}
