//! A number that is raised where the links to a blob that were given out must work no longer.

use sea_orm_migration::prelude::*;

/// Links that were given out end.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = r#"ALTER TABLE "blob" ADD COLUMN "turn" SMALLINT NOT NULL DEFAULT 0"#;
        manager.get_connection().execute_unprepared(add).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(r#"ALTER TABLE "blob" DROP COLUMN "turn""#).await.map(drop)
    }
}
