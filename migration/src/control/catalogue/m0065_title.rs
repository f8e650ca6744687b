//! Titles: games as the world knows them.

use sea_orm_migration::prelude::*;

use super::{id, ordered_text};

/// Titles: games as the world knows them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A title that awaits approval goes with the account of its author, who alone has seen it.
        let mut author = ForeignKey::create()
            .from("title", "pending_of")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut merged = ForeignKey::create().from("title", "merged_into").to("title", "id").to_owned();
        let text = |name| ColumnDef::new(name).text().not_null().default("").to_owned();
        manager
            .create_table(
                Table::create()
                    .table("title")
                    .col(id(manager, "id").primary_key())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ordered_text(manager, "name_key"))
                    .col(text("other_names"))
                    .col(ColumnDef::new("year").integer())
                    .col(text("released"))
                    .col(text("publisher"))
                    .col(text("developer"))
                    .col(text("platforms"))
                    .col(text("genres"))
                    .col(ColumnDef::new("pending_of").string())
                    .col(id(manager, "merged_into").null())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer().not_null())
                    .foreign_key(&mut author)
                    .foreign_key(&mut merged)
                    .to_owned(),
            )
            .await?;
        for index in [
            r#"CREATE INDEX "title_order" ON "title" ("name_key", "id")"#,
            r#"CREATE INDEX "title_year_order" ON "title" ("year", "name_key", "id")"#,
            r#"CREATE INDEX "title_pending" ON "title" ("pending_of", "id") WHERE "pending_of" IS NOT NULL"#,
            r#"CREATE INDEX "title_waiting" ON "title" ("id") WHERE "pending_of" IS NOT NULL"#,
            r#"CREATE INDEX "title_merged" ON "title" ("merged_into") WHERE "merged_into" IS NOT NULL"#,
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("title_sequence")
                    .col(ColumnDef::new("id").small_integer().not_null().primary_key())
                    .col(ColumnDef::new("last_title").big_integer().not_null())
                    .col(ColumnDef::new("last_name").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let first = r#"INSERT INTO "title_sequence" ("id", "last_title", "last_name") VALUES (1, 0, 0)"#;
        manager.get_connection().execute_unprepared(first).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["title_sequence", "title"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
