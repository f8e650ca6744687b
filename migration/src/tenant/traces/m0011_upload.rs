//! Recordings uploaded before their traces. They are compressed already, so PostgreSQL is told not to compress them again.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Recordings uploaded before their traces. They are compressed already, so PostgreSQL is told not to compress them again.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("upload")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("id").text().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("idempotency_key").text())
                    .col(ColumnDef::new("frames").integer().not_null())
                    .col(ColumnDef::new("duration_ms").integer().not_null())
                    .col(ColumnDef::new("size_bytes").integer().not_null())
                    .col(ColumnDef::new("sha256").blob().not_null())
                    .col(ColumnDef::new("content_version").integer().not_null())
                    .col(ColumnDef::new("complete").boolean().not_null())
                    .col(ColumnDef::new("look").text().not_null())
                    .col(ColumnDef::new("bytes").blob().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("id"))
                    .to_owned(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared(r#"ALTER TABLE "upload" ALTER COLUMN "bytes" SET STORAGE EXTERNAL"#)
                .await?;
        }
        let of_request = Index::create()
            .name("upload_request")
            .table("upload")
            .col("world")
            .col("player")
            .col("idempotency_key")
            .unique()
            .to_owned();
        manager.create_index(of_request).await?;
        let of_age = Index::create().name("upload_age").table("upload").col("created_at_ms").to_owned();
        manager.create_index(of_age).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("upload").to_owned()).await
    }
}
