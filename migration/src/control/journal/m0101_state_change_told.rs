//! Which changes of state are told to others: those that their user made, of which a feed then reads nothing but the newest. What an
//! import brings, thousands at once, is not told.

use sea_orm_migration::prelude::*;

use super::{m0077_state_change::trim, run};

/// Which changes of state are told to others.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Marks the changes that are told, in an index of their own that replaces the one of all.
const MARK: [&str; 4] = [
    r#"ALTER TABLE "state_change" ADD COLUMN "told" BOOLEAN NOT NULL DEFAULT FALSE"#,
    r#"UPDATE "state_change" SET "told" = TRUE WHERE EXISTS (SELECT 1 FROM "library_entry"
        WHERE "library_entry"."user" = "state_change"."user" AND "library_entry"."title" = "state_change"."title"
        AND ("library_entry"."written" & 1) <> 0)"#,
    r#"CREATE INDEX "state_change_told" ON "state_change" ("user", "at_ms", "title", "state") WHERE "told""#,
    r#"DROP INDEX "state_change_at""#,
];

/// Takes that back.
const UNMARK: [&str; 3] = [
    r#"CREATE INDEX "state_change_at" ON "state_change" ("user", "at_ms")"#,
    r#"DROP INDEX "state_change_told""#,
    r#"ALTER TABLE "state_change" DROP COLUMN "told""#,
];

/// A column of `state_change`, and what the triggers put there.
type Told = Option<(&'static str, &'static str)>;

const TOLD: Told = Some((r#", "told""#, r#", ("written" & 1) <> 0"#));

/// Notes the state of `NEW`, unless it was noted already.
fn note(told: Told) -> String {
    let (column, value) =
        told.map_or_else(Default::default, |(column, value)| (column, value.replace("\"written\"", "NEW.\"written\"")));
    format!(
        r#"INSERT INTO "state_change" ("user", "title", "at_ms", "state"{column})
        SELECT NEW."user", NEW."title", NEW."since_ms", NEW."state"{value}
        WHERE NOT EXISTS (SELECT 1 FROM "state_change" WHERE "user" = NEW."user" AND "title" = NEW."title"
            AND "at_ms" = NEW."since_ms" AND "state" = NEW."state")"#
    )
}

fn sqlite(told: Told) -> Vec<String> {
    let (note, trim) = (note(told), trim());
    vec![
        r#"DROP TRIGGER "state_change_first""#.to_owned(),
        r#"DROP TRIGGER "state_change_next""#.to_owned(),
        format!(r#"CREATE TRIGGER "state_change_first" AFTER INSERT ON "library_entry" BEGIN {note}; END"#),
        format!(
            r#"CREATE TRIGGER "state_change_next" AFTER UPDATE OF "state" ON "library_entry"
            WHEN NEW."state" <> OLD."state" BEGIN {note}; {trim}; END"#
        ),
    ]
}

fn postgres(told: Told) -> Vec<String> {
    let ((column, value), note, trim) = (told.unwrap_or_default(), note(told), trim());
    vec![
        format!(
            r#"CREATE OR REPLACE FUNCTION "state_change_first"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
            INSERT INTO "state_change" ("user", "title", "at_ms", "state"{column})
            SELECT "user", "title", "since_ms", "state"{value} FROM "added" ON CONFLICT DO NOTHING;
            RETURN NULL; END $body$"#
        ),
        format!(
            r#"CREATE OR REPLACE FUNCTION "state_change_next"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
            {note}; {trim}; RETURN NULL; END $body$"#
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mark = MARK.map(str::to_owned);
        run(manager, &mark, &mark).await?;
        run(manager, &sqlite(TOLD), &postgres(TOLD)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &sqlite(None), &postgres(None)).await?;
        let unmark = UNMARK.map(str::to_owned);
        run(manager, &unmark, &unmark).await
    }
}
