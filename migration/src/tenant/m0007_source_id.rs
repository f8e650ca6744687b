//! What a trace was called where it came from, so that it comes once.

use sea_orm_migration::prelude::*;

/// What a trace was called where it came from, so that it comes once.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table("trace").add_column(ColumnDef::new("source_id").text()).to_owned();
        manager.alter_table(add).await?;
        // Both databases know partial indexes, and write them alike.
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
