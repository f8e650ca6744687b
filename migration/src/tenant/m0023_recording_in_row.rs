//! Recordings of usual length stand in their rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Recordings of usual length stand in their rows: PostgreSQL would try to compress what is packed already, and keep what is
/// longer than 2,000 bytes in another table, with an index of its own.
#[derive(DeriveMigrationName)]
pub struct Migration;

async fn execute(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => manager.get_connection().execute_unprepared(statement).await.map(drop),
        // SQLite keeps what does not fit a page in further pages, without an index.
        _ => Ok(()),
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // As much as a page of 8 kB holds.
        execute(manager, r#"ALTER TABLE "recording" SET (toast_tuple_target = 8160)"#).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, r#"ALTER TABLE "recording" RESET (toast_tuple_target)"#).await
    }
}
