//! When a player last used a trace, so that each use counts at most once an hour.

use sea_orm_migration::prelude::*;

/// When a player last used a trace, so that each use counts at most once an hour.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("trace_use")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("trace").col("player"))
                    .to_owned(),
            )
            .await?;
        let by_age = Index::create().name("trace_use_age").table("trace_use").col("world").col("at_ms").to_owned();
        manager.create_index(by_age).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("trace_use").to_owned()).await
    }
}
