//! The index by which a player's uploads are found in the order of their ids: those beyond the newest are removed with each new one.

use sea_orm_migration::prelude::*;

/// The index by which a player's uploads are found in the order of their ids.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_player =
            Index::create().name("upload_player").table("upload").col("world").col("player").col("id").to_owned();
        manager.create_index(of_player).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("upload_player").table("upload").to_owned()).await
    }
}
