//! Worlds: a game in an environment, with the sequence from which trace ids are taken.

use sea_orm_migration::prelude::*;

/// Worlds: a game in an environment, with the sequence from which trace ids are taken.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("world")
                    .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("game").string().not_null())
                    .col(ColumnDef::new("environment").string().not_null())
                    .col(ColumnDef::new("seq").big_integer().not_null().default(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("world_game_environment")
                    .table("world")
                    .col("game")
                    .col("environment")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("world").to_owned()).await
    }
}
