//! The platforms and genres of titles, in the order of lists, and the ids that others know titles by.

use sea_orm_migration::prelude::*;

use super::{id, of_title, ordered_text};

/// The platforms and genres of titles, and the ids that others know titles by.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("title_platform", "platform"), ("title_genre", "genre")] {
            manager
                .create_table(
                    Table::create()
                        .table(table)
                        .col(id(manager, "title"))
                        .col(ordered_text(manager, column))
                        // That of the title, so that the list of a platform is read in order.
                        .col(ordered_text(manager, "name_key"))
                        .primary_key(Index::create().col("title").col(column))
                        .foreign_key(&mut of_title(table))
                        .to_owned(),
                )
                .await?;
            let order = format!(r#"CREATE INDEX "{table}_order" ON "{table}" ("{column}", "name_key", "title")"#);
            manager.get_connection().execute_unprepared(&order).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("title_external")
                    .col(ColumnDef::new("source").string().not_null())
                    .col(ColumnDef::new("external").string().not_null())
                    .col(id(manager, "title"))
                    .primary_key(Index::create().col("source").col("external"))
                    .foreign_key(&mut of_title("title_external"))
                    .to_owned(),
            )
            .await?;
        let of_title =
            Index::create().name("title_external_title").table("title_external").col("title").col("source").to_owned();
        manager.create_index(of_title).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["title_external", "title_genre", "title_platform"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
