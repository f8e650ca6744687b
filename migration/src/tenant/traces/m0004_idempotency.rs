//! Idempotency keys, and the index used to remove old ones.

use sea_orm_migration::prelude::*;

/// Idempotency keys, and the index used to remove old ones.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idempotency")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("caller").text().not_null())
                    .col(ColumnDef::new("key").text().not_null())
                    .col(ColumnDef::new("digest").blob().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("caller").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("idempotency_created_at").table("idempotency").col("created_at_ms").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("idempotency").to_owned()).await
    }
}
