//! Recordings. They are compressed already, so PostgreSQL is told not to compress them again.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Recordings. They are compressed already, so PostgreSQL is told not to compress them again.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("recording")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("id").big_integer().not_null())
                    .col(ColumnDef::new("codec").small_integer().not_null())
                    .col(ColumnDef::new("frames").integer().not_null())
                    .col(ColumnDef::new("bytes").blob().not_null())
                    .primary_key(Index::create().col("world").col("id"))
                    .to_owned(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared(r#"ALTER TABLE "recording" ALTER COLUMN "bytes" SET STORAGE EXTERNAL"#)
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("recording").to_owned()).await
    }
}
