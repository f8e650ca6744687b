//! The names of titles, and what short names look like with one letter missing.

use sea_orm_migration::prelude::*;

use super::{id, of_title, ordered_text};

/// The names of titles, and what short names look like with one letter missing.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("title_name")
                    .col(id(manager, "id").primary_key())
                    .col(id(manager, "title"))
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ordered_text(manager, "name_key"))
                    .col(ordered_text(manager, "search_text"))
                    .foreign_key(&mut of_title("title_name"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("title_slip")
                    .col(ColumnDef::new("hash").big_integer().not_null())
                    .col(id(manager, "name"))
                    .primary_key(Index::create().col("hash").col("name"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("title_slip", "name")
                            .to("title_name", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for index in [
            r#"CREATE UNIQUE INDEX "title_name_once" ON "title_name" ("title", "name_key")"#,
            r#"CREATE INDEX "title_name_order" ON "title_name" ("name_key", "id")"#,
            r#"CREATE INDEX "title_slip_name" ON "title_slip" ("name")"#,
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["title_slip", "title_name"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
