//! Ids of their own for recordings uploaded before their traces, and metadata stored beside the frames.

use sea_orm_migration::prelude::*;

/// Ids of their own for recordings uploaded before their traces, and metadata stored beside the frames.
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
        // SQLite can add only one column in a statement.
        for name in COLUMNS {
            manager.alter_table(Table::alter().table("recording").add_column(column(name)).to_owned()).await?;
        }
        // PostgreSQL and SQLite support partial indexes with the same syntax.
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
