//! What moderators of the installation decide about accounts: who moderates, and who is banned until when and why.

use sea_orm_migration::prelude::*;

/// Moderators and bans.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 4] = [
    r#"ALTER TABLE "user" ADD COLUMN "moderator" BOOLEAN NOT NULL DEFAULT FALSE"#,
    r#"ALTER TABLE "user" ADD COLUMN "banned_until_ms" BIGINT"#,
    r#"ALTER TABLE "user" ADD COLUMN "ban_reason" SMALLINT"#,
    // There are few of them among many users.
    r#"CREATE INDEX "user_moderator" ON "user" ("id") WHERE "moderator""#,
];

const DOWN: [&str; 4] = [
    r#"DROP INDEX "user_moderator""#,
    r#"ALTER TABLE "user" DROP COLUMN "ban_reason""#,
    r#"ALTER TABLE "user" DROP COLUMN "banned_until_ms""#,
    r#"ALTER TABLE "user" DROP COLUMN "moderator""#,
];

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &DOWN).await
    }
}
