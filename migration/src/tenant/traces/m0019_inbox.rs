//! Notifications to authors about their traces.

use sea_orm_migration::prelude::*;

/// Notifications to authors about their traces.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("what").small_integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("id").big_integer().not_null())
                    .col(ColumnDef::new("good").integer().not_null())
                    .col(ColumnDef::new("poor").integer().not_null())
                    .col(ColumnDef::new("uses").integer().not_null())
                    .col(ColumnDef::new("count").integer().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("trace").col("what"))
                    .to_owned(),
            )
            .await?;
        let by_player = Index::create()
            .name("inbox_player")
            .table("inbox")
            .col("world")
            .col("player")
            .col("id")
            .unique()
            .to_owned();
        manager.create_index(by_player).await?;
        let by_age = Index::create().name("inbox_age").table("inbox").col("world").col("at_ms").to_owned();
        manager.create_index(by_age).await?;
        // The last inbox id assigned, so that ids are never reused after rows were removed.
        let news = ColumnDef::new("news").big_integer().not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("world").add_column(news).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("world").drop_column("news").to_owned()).await?;
        manager.drop_table(Table::drop().table("inbox").to_owned()).await
    }
}
