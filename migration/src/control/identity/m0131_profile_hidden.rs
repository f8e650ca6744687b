//! Profiles that moderators have hidden, and usernames that they have taken from people, who may not have them again.

use sea_orm_migration::prelude::*;

/// Hidden profiles and refused usernames.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    r#"ALTER TABLE "profile" ADD COLUMN "hidden" SMALLINT"#,
    r#"ALTER TABLE "profile" ADD COLUMN "audience_asked" SMALLINT"#,
    r#"ALTER TABLE "former_username" ADD COLUMN "refused" BOOLEAN NOT NULL DEFAULT FALSE"#,
];

const DOWN: [&str; 3] = [
    r#"ALTER TABLE "former_username" DROP COLUMN "refused""#,
    r#"ALTER TABLE "profile" DROP COLUMN "audience_asked""#,
    r#"ALTER TABLE "profile" DROP COLUMN "hidden""#,
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
