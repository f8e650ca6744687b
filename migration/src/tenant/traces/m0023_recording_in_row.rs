//! Recordings of ordinary length are stored in the row itself.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Recordings of ordinary length are stored in the row itself: by default PostgreSQL would try to compress values longer than
/// 2,000 bytes and move them to a TOAST table with an index of its own.
#[derive(DeriveMigrationName)]
pub struct Migration;

async fn execute(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => manager.get_connection().execute_unprepared(statement).await.map(drop),
        // SQLite stores what does not fit a page in overflow pages, without an index.
        _ => Ok(()),
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The largest row that fits an 8 kB page.
        execute(manager, r#"ALTER TABLE "recording" SET (toast_tuple_target = 8160)"#).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, r#"ALTER TABLE "recording" RESET (toast_tuple_target)"#).await
    }
}
