//! Recordings that were sent before their traces have ids of their own, and what is told of them beside their traces.

use sea_orm_migration::prelude::*;

/// Recordings that were sent before their traces have ids of their own, and what is told of them beside their traces.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 6] = ["recording_id", "duration_ms", "sha256", "content_version", "complete", "look"];

fn column(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match name {
        "duration_ms" | "content_version" => column.integer(),
        "sha256" => column.blob(),
        "complete" => column.boolean(),
        _ => column.text(),
    };
    column
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for name in COLUMNS {
            manager.alter_table(Table::alter().table("recording").add_column(column(name)).to_owned()).await?;
        }
        // Both databases know partial indexes, and write them alike.
        let index = r#"CREATE UNIQUE INDEX "recording_own_id" ON "recording" ("world", "recording_id")
            WHERE "recording_id" IS NOT NULL"#;
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(r#"DROP INDEX "recording_own_id""#).await?;
        for name in COLUMNS {
            manager.alter_table(Table::alter().table("recording").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
