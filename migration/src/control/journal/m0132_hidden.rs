//! Thoughts, comments, media and challenges that are hidden, and why. While something is hidden its audience is its owner alone; what
//! the owner asked for waits beside it.

use sea_orm_migration::prelude::*;

use super::run;

/// What is hidden.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["thought", "media", "challenge"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements = vec![r#"ALTER TABLE "thought_comment" ADD COLUMN "hidden" SMALLINT"#.to_owned()];
        for table in TABLES {
            statements.push(format!(r#"ALTER TABLE "{table}" ADD COLUMN "hidden" SMALLINT"#));
            statements.push(format!(r#"ALTER TABLE "{table}" ADD COLUMN "audience_asked" SMALLINT"#));
        }
        run(manager, &statements, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements = vec![r#"ALTER TABLE "thought_comment" DROP COLUMN "hidden""#.to_owned()];
        for table in TABLES {
            statements.push(format!(r#"ALTER TABLE "{table}" DROP COLUMN "audience_asked""#));
            statements.push(format!(r#"ALTER TABLE "{table}" DROP COLUMN "hidden""#));
        }
        run(manager, &statements, &statements).await
    }
}
