//! What is in versions of save slots: files, folders, and files that they have removed.

use sea_orm_migration::prelude::*;

use super::ordered_text;

/// What is in versions of save slots.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 1] =
    [r#"CREATE INDEX "save_entry_content" ON "save_entry" ("content_id") WHERE "content_id" IS NOT NULL"#];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut version = ForeignKey::create()
            .from("save_entry", "version_id")
            .to("save_version", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut content = ForeignKey::create().from("save_entry", "content_id").to("save_content", "id").to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_entry")
                    .col(ColumnDef::new("version_id").big_integer().not_null())
                    .col(ordered_text(manager, "path"))
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("content_id").big_integer())
                    .col(ColumnDef::new("modified_ms").big_integer())
                    .primary_key(Index::create().col("version_id").col("path"))
                    .foreign_key(&mut version)
                    .foreign_key(&mut content)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("save_entry").to_owned()).await
    }
}
