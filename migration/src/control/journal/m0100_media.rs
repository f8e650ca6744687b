//! Media: screenshots, clips and captures of achievements that users keep on titles.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Media that users keep on titles.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// As with thoughts: a title that awaits approval goes with its author, and what refers to it must be gone by then.
const POSTGRES: &str = "
CREATE FUNCTION media_user_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM media WHERE user_id = OLD.id; RETURN OLD; END $$;
CREATE TRIGGER media_user_removed BEFORE DELETE ON \"user\" FOR EACH ROW EXECUTE FUNCTION media_user_removed();";

/// Lists are read backwards by id. The last one finds what an upload belongs to.
const INDEXES: [&str; 4] = [
    r#"CREATE UNIQUE INDEX "media_uuid" ON "media" ("uuid")"#,
    r#"CREATE INDEX "media_user" ON "media" ("user_id", "id")"#,
    r#"CREATE INDEX "media_title" ON "media" ("title", "audience", "id")"#,
    r#"CREATE UNIQUE INDEX "media_upload" ON "media" ("upload") WHERE "upload" IS NOT NULL"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A title that somebody keeps media of is not deleted.
        let mut title = ForeignKey::create().from("media", "title").to("title", "id").to_owned();
        let mut user = ForeignKey::create()
            .from("media", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("media")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("uuid").string().not_null())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(ColumnDef::new("reason").string())
                    .col(ColumnDef::new("description").text().not_null())
                    .col(ColumnDef::new("taken_at_ms").big_integer())
                    .col(ColumnDef::new("media_type").string().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .col(ColumnDef::new("digest").string().not_null())
                    .col(ColumnDef::new("upload").string())
                    .col(ColumnDef::new("file").string())
                    .col(ColumnDef::new("thumbnail").string())
                    .col(ColumnDef::new("thumb_hash").string())
                    .col(ColumnDef::new("width").integer())
                    .col(ColumnDef::new("height").integer())
                    .col(ColumnDef::new("duration_ms").integer())
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
            let drop = r#"DROP TRIGGER media_user_removed ON "user"; DROP FUNCTION media_user_removed()"#;
            manager.get_connection().execute_unprepared(drop).await?;
        }
        manager.drop_table(Table::drop().table("media").to_owned()).await
    }
}
