//! Names used by v0 clients (`u_uuid`), bound to players.

use sea_orm_migration::prelude::*;

/// Names used by v0 clients (`u_uuid`), bound to players.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("seed_name")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("bound_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("name"))
                    .to_owned(),
            )
            .await?;
        let by_player =
            Index::create().name("seed_name_player").table("seed_name").col("world").col("player").to_owned();
        manager.create_index(by_player).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("seed_name").to_owned()).await
    }
}
