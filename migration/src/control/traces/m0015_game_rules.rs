//! A game's settings for its traces, in each environment.

use sea_orm_migration::prelude::*;

/// A game's settings for its traces, in each environment.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("game_rules")
                    .col(ColumnDef::new("game").integer().not_null())
                    .col(ColumnDef::new("environment").text().not_null())
                    .col(ColumnDef::new("rules").text().not_null())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .primary_key(Index::create().col("game").col("environment"))
                    .to_owned(),
            )
            .await?;
        let of_revision = Index::create().name("game_rules_revision").table("game_rules").col("revision").to_owned();
        manager.create_index(of_revision).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("game_rules").to_owned()).await
    }
}
