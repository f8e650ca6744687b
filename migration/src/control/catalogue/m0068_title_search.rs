//! The index by which names are found that resemble what somebody has typed: trigrams, of `pg_trgm` on PostgreSQL and of FTS5 on
//! SQLite.
//!
//! `pg_trgm` is part of PostgreSQL's contrib, and since PostgreSQL 13 the owner of a database may create it. Where it is not
//! installed, or the role may not create it, the index is left out: titles are then found by the beginning of a name alone, which
//! the program says at each start, with what to do about it (docs/operations.md).

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The index of similar names.
#[derive(DeriveMigrationName)]
pub struct Migration;

const POSTGRES: &str = r#"
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX "title_name_search" ON "title_name" USING gin ("search_text" gin_trgm_ops) WITH (fastupdate = off);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
    RAISE WARNING 'titles are found by the beginning of a name alone, because the extension pg_trgm is missing: %', SQLERRM;
END $$;"#;

const SQLITE: &str = r#"
CREATE VIRTUAL TABLE "title_search" USING fts5
    ("search_text", content='title_name', content_rowid='id', tokenize='trigram', detail='none');
CREATE TRIGGER "title_search_added" AFTER INSERT ON "title_name" BEGIN
    INSERT INTO "title_search" ("rowid", "search_text") VALUES (new."id", new."search_text");
END;
CREATE TRIGGER "title_search_removed" AFTER DELETE ON "title_name" BEGIN
    INSERT INTO "title_search" ("title_search", "rowid", "search_text") VALUES ('delete', old."id", old."search_text");
END;"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let create = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        manager.get_connection().execute_unprepared(create).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop_all = if manager.get_database_backend() == DbBackend::Postgres {
            r#"DROP INDEX IF EXISTS "title_name_search""#
        } else {
            r#"DROP TRIGGER "title_search_removed"; DROP TRIGGER "title_search_added"; DROP TABLE "title_search""#
        };
        manager.get_connection().execute_unprepared(drop_all).await.map(drop)
    }
}
