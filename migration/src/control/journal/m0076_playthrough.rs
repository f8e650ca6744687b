//! Playthroughs of entries. Triggers keep the time of an entry's playthroughs in the entry.

use sea_orm_migration::prelude::*;

use super::{of_entry, run};

/// Playthroughs of entries.
#[derive(DeriveMigrationName)]
pub struct Migration;

fn add(sign: char, row: &str) -> String {
    format!(
        r#"UPDATE "library_entry" SET "played_minutes" = "played_minutes" {sign} {row}."minutes"
        WHERE "user" = {row}."user" AND "title" = {row}."title""#
    )
}

fn sqlite() -> Vec<String> {
    let trigger = |name: &str, event: &str, condition: &str, body: &str| {
        format!(
            r#"CREATE TRIGGER "playthrough_{name}" AFTER {event} ON "playthrough" WHEN {condition} BEGIN {body}; END"#
        )
    };
    let change = r#"UPDATE "library_entry"
        SET "played_minutes" = "played_minutes" - coalesce(OLD."minutes", 0) + coalesce(NEW."minutes", 0)
        WHERE "user" = NEW."user" AND "title" = NEW."title""#;
    vec![
        trigger("added", "INSERT", r#"NEW."minutes" <> 0"#, &add('+', "NEW")),
        trigger("removed", "DELETE", r#"OLD."minutes" <> 0"#, &add('-', "OLD")),
        trigger("changed", r#"UPDATE OF "minutes""#, r#"NEW."minutes" IS NOT OLD."minutes""#, change),
    ]
}

/// One call for all rows of a statement. Each entry is looked up by its key: a plan that was made for many rows would read whole
/// tables for one.
fn postgres() -> Vec<String> {
    let function = |name: &str, sign: char| {
        format!(
            r#"CREATE FUNCTION "playthrough_{name}"() RETURNS trigger LANGUAGE plpgsql
            SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $body$ BEGIN
            UPDATE "library_entry" AS "entry" SET "played_minutes" = "entry"."played_minutes" {sign} "part"."minutes"
            FROM (SELECT "user", "title", sum("minutes") AS "minutes" FROM "moved" WHERE "minutes" <> 0
                GROUP BY "user", "title") AS "part"
            WHERE "entry"."user" = ANY (ARRAY (SELECT DISTINCT "user" FROM "moved"))
                AND "entry"."title" = ANY (ARRAY (SELECT DISTINCT "title" FROM "moved"))
                AND "entry"."user" = "part"."user" AND "entry"."title" = "part"."title";
            RETURN NULL; END $body$"#
        )
    };
    let trigger = |name: &str, event: &str, rows: &str| {
        format!(
            r#"CREATE TRIGGER "playthrough_{name}" AFTER {event} ON "playthrough" REFERENCING {rows} TABLE AS "moved"
            FOR EACH STATEMENT EXECUTE FUNCTION "playthrough_{name}"()"#
        )
    };
    vec![
        function("added", '+'),
        function("removed", '-'),
        r#"CREATE FUNCTION "playthrough_changed"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        UPDATE "library_entry"
        SET "played_minutes" = "played_minutes" - coalesce(OLD."minutes", 0) + coalesce(NEW."minutes", 0)
        WHERE "user" = NEW."user" AND "title" = NEW."title";
        RETURN NULL; END $body$"#
            .to_owned(),
        trigger("added", "INSERT", "NEW"),
        trigger("removed", "DELETE", "OLD"),
        r#"CREATE TRIGGER "playthrough_changed" AFTER UPDATE OF "minutes" ON "playthrough" FOR EACH ROW
        WHEN (NEW."minutes" IS DISTINCT FROM OLD."minutes") EXECUTE FUNCTION "playthrough_changed"()"#
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("playthrough")
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("number").small_integer().not_null())
                    // That of the entry, so that what is counted of a playthrough is known when the entry is gone.
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("platform").text())
                    .col(ColumnDef::new("started").string())
                    .col(ColumnDef::new("finished").string())
                    .col(ColumnDef::new("minutes").integer())
                    .col(ColumnDef::new("grade").small_integer())
                    .col(ColumnDef::new("origin").text())
                    .col(ColumnDef::new("written").boolean().not_null())
                    .primary_key(Index::create().col("user").col("title").col("number"))
                    .foreign_key(&mut of_entry("playthrough"))
                    .to_owned(),
            )
            .await?;
        let of_platform = Index::create()
            .name("playthrough_platform")
            .table("playthrough")
            .col("user")
            .col("platform")
            .col("title")
            .to_owned();
        manager.create_index(of_platform).await?;
        run(manager, &sqlite(), &postgres()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("playthrough").to_owned()).await?;
        let functions = ["added", "removed", "changed"].map(|name| format!(r#"DROP FUNCTION "playthrough_{name}"()"#));
        run(manager, &[], &functions).await
    }
}
