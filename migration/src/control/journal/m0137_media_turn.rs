//! The turn of the links to the files of media, as the files have it.

use sea_orm_migration::prelude::*;

/// The turn of links to media.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = r#"ALTER TABLE "media" ADD COLUMN "turn" SMALLINT NOT NULL DEFAULT 0"#;
        manager.get_connection().execute_unprepared(add).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(r#"ALTER TABLE "media" DROP COLUMN "turn""#).await.map(drop)
    }
}
