//! The index of those who administer the installation: there are few among many users.

use sea_orm_migration::prelude::*;

/// The index of administrators.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = r#"CREATE INDEX "user_administrator" ON "user" ("id") WHERE "administrator""#;
        manager.get_connection().execute_unprepared(index).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("user_administrator").table("user").to_owned()).await
    }
}
