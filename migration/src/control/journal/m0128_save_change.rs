//! Single changes by WebDAV that are in no version yet.

use sea_orm_migration::prelude::*;

use super::ordered_text;

/// Single changes by WebDAV that are in no version yet.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 1] =
    [r#"CREATE INDEX "save_change_content" ON "save_change" ("content_id") WHERE "content_id" IS NOT NULL"#];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut window = ForeignKey::create()
            .from("save_change", "window_id")
            .to("save_window", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut content = ForeignKey::create().from("save_change", "content_id").to("save_content", "id").to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_change")
                    .col(ColumnDef::new("window_id").big_integer().not_null())
                    .col(ordered_text(manager, "path"))
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("content_id").big_integer())
                    .col(ColumnDef::new("modified_ms").big_integer())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("window_id").col("path"))
                    .foreign_key(&mut window)
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
        manager.drop_table(Table::drop().table("save_change").to_owned()).await
    }
}
