//! A bucket for the files of saves, which do not count towards what an owner may have of others.

use sea_orm_migration::prelude::*;

/// A bucket for the files of saves.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "INSERT INTO blob_usage (bucket, blobs, bytes) VALUES (4, 0, 0)",
    r#"DROP INDEX "blob_user""#,
    r#"CREATE INDEX "blob_user" ON "blob" ("user_id", "bucket", "bytes", "nonce")"#,
];

const DOWN: [&str; 3] = [
    r#"DROP INDEX "blob_user""#,
    r#"CREATE INDEX "blob_user" ON "blob" ("user_id", "bytes", "nonce")"#,
    "DELETE FROM blob_usage WHERE bucket = 4",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in UP {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in DOWN {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
