//! Authors whose traces a player does not want to see.

use sea_orm_migration::prelude::*;

/// Authors whose traces a player does not want to see.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("hidden_author")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("author").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("player").col("author"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("hidden_author").to_owned()).await
    }
}
