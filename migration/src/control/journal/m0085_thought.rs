//! Thoughts about titles. One with a rating is a review, of which a user has one of each title.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Thoughts about titles. One with a rating is a review, of which a user has one of each title.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// A title that awaits approval goes with its author; a thought that refers to it must be gone by then, and PostgreSQL does not say
/// which of the two it deletes first. SQLite looks at references when all is deleted.
const POSTGRES: &str = "
CREATE FUNCTION thought_user_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM thought WHERE user_id = OLD.id; RETURN OLD; END $$;
CREATE TRIGGER thought_user_removed BEFORE DELETE ON \"user\" FOR EACH ROW EXECUTE FUNCTION thought_user_removed();";

/// Lists are read backwards by id. Each index serves one of them: a user's, a title's, its reviews.
const INDEXES: [&str; 6] = [
    r#"CREATE INDEX "thought_user" ON "thought" ("user_id", "id")"#,
    r#"CREATE INDEX "thought_user_at" ON "thought" ("user_id", "created_at_ms")"#,
    r#"CREATE INDEX "thought_user_title" ON "thought" ("user_id", "title", "id")"#,
    r#"CREATE INDEX "thought_title" ON "thought" ("title", "audience", "id")"#,
    r#"CREATE INDEX "thought_title_review" ON "thought" ("title", "audience", "id") WHERE "rating" IS NOT NULL"#,
    r#"CREATE UNIQUE INDEX "thought_review" ON "thought" ("user_id", "title") WHERE "rating" IS NOT NULL"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("thought", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        // A title that somebody wrote about is not deleted.
        let mut title = ForeignKey::create().from("thought", "title").to("title", "id").to_owned();
        let flag = |name| ColumnDef::new(name).boolean().not_null().default(false).to_owned();
        manager
            .create_table(
                Table::create()
                    .table("thought")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("user_id").string())
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("rating").small_integer())
                    .col(flag("spoiler"))
                    // Before the texts, so that SQLite need not walk through them to add it up.
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .col(ColumnDef::new("text").text().not_null())
                    .col(ColumnDef::new("html").text().not_null())
                    .col(ColumnDef::new("excerpt").text().not_null())
                    .col(ColumnDef::new("renderer").small_integer().not_null())
                    .col(flag("comments_closed"))
                    .col(flag("reactions_closed"))
                    .col(ColumnDef::new("reactions").big_integer().not_null().default(0))
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer())
                    .foreign_key(&mut user)
                    .foreign_key(&mut title)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(POSTGRES).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let drop = r#"DROP TRIGGER thought_user_removed ON "user"; DROP FUNCTION thought_user_removed()"#;
            manager.get_connection().execute_unprepared(drop).await?;
        }
        manager.drop_table(Table::drop().table("thought").to_owned()).await
    }
}
