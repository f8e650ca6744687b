//! Players, and the refresh tokens that keep them signed in.

use sea_orm_migration::prelude::*;

/// Players, and the refresh tokens that keep them signed in.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("player")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("id").text().not_null())
                    .col(ColumnDef::new("device").blob())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("id"))
                    .to_owned(),
            )
            .await?;
        let of_device =
            Index::create().name("player_device").table("player").col("world").col("device").unique().to_owned();
        manager.create_index(of_device).await?;
        manager
            .create_table(
                Table::create()
                    .table("player_token")
                    .col(ColumnDef::new("digest").blob().not_null().primary_key())
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("family").text().not_null())
                    .col(ColumnDef::new("generation").integer().not_null())
                    .col(ColumnDef::new("used_at_ms").big_integer())
                    .col(ColumnDef::new("expires_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let of_family = Index::create()
            .name("player_token_family")
            .table("player_token")
            .col("family")
            .col("generation")
            .to_owned();
        manager.create_index(of_family).await?;
        let by_player =
            Index::create().name("player_token_player").table("player_token").col("world").col("player").to_owned();
        manager.create_index(by_player).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("player_token").to_owned()).await?;
        manager.drop_table(Table::drop().table("player").to_owned()).await
    }
}
