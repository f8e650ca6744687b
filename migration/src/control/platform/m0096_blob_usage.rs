//! How many files there are of each bucket, and how large they are together.

use sea_orm_migration::prelude::*;

/// How many files there are of each bucket.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("blob_usage")
                    .col(ColumnDef::new("bucket").small_integer().not_null().primary_key())
                    .col(ColumnDef::new("blobs").big_integer().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let rows = "INSERT INTO blob_usage (bucket, blobs, bytes) VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)";
        manager.get_connection().execute_unprepared(rows).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("blob_usage").to_owned()).await
    }
}
