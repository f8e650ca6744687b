//! Entries of libraries: titles with what their owners do with them.

use sea_orm_migration::prelude::*;

use super::{of_user, run};

/// Entries of libraries.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Of two titles that are merged, the entries go over to the one that stays, except where a library has both.
const MOVE: &str = r#"UPDATE "library_entry" SET "title" = NEW."merged_into" WHERE "title" = NEW."id"
    AND NOT EXISTS (SELECT 1 FROM "library_entry" AS "other"
        WHERE "other"."user" = "library_entry"."user" AND "other"."title" = NEW."merged_into")"#;

fn sqlite() -> Vec<String> {
    vec![format!(
        r#"CREATE TRIGGER "library_title_merged" AFTER UPDATE OF "merged_into" ON "title"
        WHEN NEW."merged_into" IS NOT NULL BEGIN {MOVE}; END"#
    )]
}

fn postgres() -> Vec<String> {
    vec![
        format!(
            r#"CREATE FUNCTION "library_title_merged"() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN {MOVE}; RETURN NULL; END $body$"#
        ),
        r#"CREATE TRIGGER "library_title_merged" AFTER UPDATE OF "merged_into" ON "title" FOR EACH ROW
        WHEN (NEW."merged_into" IS NOT NULL) EXECUTE FUNCTION "library_title_merged"()"#
            .to_owned(),
        // A title that awaits approval goes with its author; the entry that refers to it must be gone by then, and which of the two
        // the database deletes first is not defined.
        r#"CREATE FUNCTION "library_user_removed"() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN DELETE FROM "library_entry" WHERE "user" = OLD."id"; RETURN OLD; END $body$"#
            .to_owned(),
        r#"CREATE TRIGGER "library_user_removed" BEFORE DELETE ON "user" FOR EACH ROW
        EXECUTE FUNCTION "library_user_removed"()"#
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut title = ForeignKey::create().from("library_entry", "title").to("title", "id").to_owned();
        let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
        manager
            .create_table(
                Table::create()
                    .table("library_entry")
                    .col(ColumnDef::new("user").string().not_null())
                    .col(number("title"))
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(number("since_ms"))
                    .col(number("added_ms"))
                    .col(number("changed_ms"))
                    .col(number("revision"))
                    .col(ColumnDef::new("score").small_integer())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("loose_minutes").integer().not_null())
                    .col(ColumnDef::new("played_minutes").integer().not_null().default(0))
                    .col(ColumnDef::new("target_minor").big_integer())
                    .col(ColumnDef::new("target_currency").string())
                    .col(ColumnDef::new("written").small_integer().not_null())
                    .primary_key(Index::create().col("user").col("title"))
                    .foreign_key(&mut of_user("library_entry"))
                    .foreign_key(&mut title)
                    .to_owned(),
            )
            .await?;
        for index in [
            r#"CREATE INDEX "library_entry_changed" ON "library_entry" ("user", "changed_ms", "title")"#,
            r#"CREATE INDEX "library_entry_title" ON "library_entry" ("title", "user")"#,
            r#"CREATE INDEX "library_entry_target" ON "library_entry" ("title", "user") WHERE "target_minor" IS NOT NULL"#,
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        run(manager, &sqlite(), &postgres()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = [
            r#"DROP TRIGGER "library_user_removed" ON "user""#,
            r#"DROP TRIGGER "library_title_merged" ON "title""#,
            r#"DROP FUNCTION "library_user_removed"()"#,
            r#"DROP FUNCTION "library_title_merged"()"#,
        ];
        let sqlite = [r#"DROP TRIGGER "library_title_merged""#];
        run(manager, &sqlite.map(str::to_owned), &postgres.map(str::to_owned)).await?;
        manager.drop_table(Table::drop().table("library_entry").to_owned()).await
    }
}
