//! The states that entries had, and since when. Triggers keep them: no statement that changes a state can forget it.

use sea_orm_migration::prelude::*;

use super::{of_entry, run};

/// The states that entries had.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Changes that are kept of each entry.
const KEPT: u32 = 200;

/// Notes the state of `NEW`, unless it was noted already.
const NOTE: &str = r#"INSERT INTO "state_change" ("user", "title", "at_ms", "state")
    SELECT NEW."user", NEW."title", NEW."since_ms", NEW."state"
    WHERE NOT EXISTS (SELECT 1 FROM "state_change" WHERE "user" = NEW."user" AND "title" = NEW."title"
        AND "at_ms" = NEW."since_ms" AND "state" = NEW."state")"#;

/// Removes the oldest changes of the entry of `NEW`.
pub(super) fn trim() -> String {
    format!(
        r#"DELETE FROM "state_change" WHERE "user" = NEW."user" AND "title" = NEW."title" AND "at_ms" <
        (SELECT "at_ms" FROM "state_change" WHERE "user" = NEW."user" AND "title" = NEW."title"
            ORDER BY "at_ms" DESC LIMIT 1 OFFSET {})"#,
        KEPT - 1
    )
}

fn sqlite() -> Vec<String> {
    vec![
        format!(r#"CREATE TRIGGER "state_change_first" AFTER INSERT ON "library_entry" BEGIN {NOTE}; END"#),
        format!(
            r#"CREATE TRIGGER "state_change_next" AFTER UPDATE OF "state" ON "library_entry"
            WHEN NEW."state" <> OLD."state" BEGIN {NOTE}; {}; END"#,
            trim()
        ),
    ]
}

fn postgres() -> Vec<String> {
    vec![
        r#"CREATE FUNCTION "state_change_first"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        INSERT INTO "state_change" ("user", "title", "at_ms", "state")
        SELECT "user", "title", "since_ms", "state" FROM "added" ON CONFLICT DO NOTHING;
        RETURN NULL; END $body$"#
            .to_owned(),
        format!(
            r#"CREATE FUNCTION "state_change_next"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
            {NOTE}; {}; RETURN NULL; END $body$"#,
            trim()
        ),
        r#"CREATE TRIGGER "state_change_first" AFTER INSERT ON "library_entry" REFERENCING NEW TABLE AS "added"
        FOR EACH STATEMENT EXECUTE FUNCTION "state_change_first"()"#
            .to_owned(),
        r#"CREATE TRIGGER "state_change_next" AFTER UPDATE OF "state" ON "library_entry" FOR EACH ROW
        WHEN (NEW."state" <> OLD."state") EXECUTE FUNCTION "state_change_next"()"#
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("state_change")
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .primary_key(Index::create().col("user").col("title").col("at_ms").col("state"))
                    .foreign_key(&mut of_entry("state_change"))
                    .to_owned(),
            )
            .await?;
        let newest = Index::create().name("state_change_at").table("state_change").col("user").col("at_ms").to_owned();
        manager.create_index(newest).await?;
        run(manager, &sqlite(), &postgres()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let names = ["state_change_first", "state_change_next"];
        let sqlite = names.map(|name| format!(r#"DROP TRIGGER "{name}""#));
        let postgres = names.map(|name| format!(r#"DROP FUNCTION "{name}"() CASCADE"#));
        run(manager, &sqlite, &postgres).await?;
        manager.drop_table(Table::drop().table("state_change").to_owned()).await
    }
}
