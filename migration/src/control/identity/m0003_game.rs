//! Games. The worlds of a game are rows in its studio's tenant tables.

use sea_orm_migration::prelude::*;

/// Games. The worlds of a game are rows in its studio's tenant tables.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("game")
                    .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("slug").text().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("live_world").integer().not_null())
                    .col(ColumnDef::new("dev_world").integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("game_slug").table("game").col("studio").col("slug").unique().to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("game").to_owned()).await
    }
}
