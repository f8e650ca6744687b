//! What moderators thought of a player's reports: by it later ones weigh more or less.

use sea_orm_migration::prelude::*;

/// What moderators thought of a player's reports.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("reporter")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("upheld").integer().not_null())
                    .col(ColumnDef::new("dismissed").integer().not_null())
                    .primary_key(Index::create().col("world").col("player"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("reporter").to_owned()).await
    }
}
