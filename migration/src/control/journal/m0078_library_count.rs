//! What libraries come to: by audience, so that nobody is told of entries that they may not see. Triggers keep the numbers, as they
//! keep what worlds store.
//!
//! | kind | key | of |
//! |---|---|---|
//! | 0 | a state | entries |
//! | 1 | a genre | entries whose title has it |
//! | 2 | a platform | playthroughs |
//! | 3 | empty | all entries |

use sea_orm_migration::prelude::*;

use super::{of_user, run};

/// What libraries come to.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: &str = r#""user", "audience", "kind", "key", "entries", "completed", "minutes", "scored", "score_sum""#;

const KEY: &str = r#"("user", "audience", "kind", "key")"#;

/// What an entry counts: of the row or table `row`.
fn of_entry(row: &str) -> String {
    format!(
        r#"1, CASE WHEN {row}."state" = 2 THEN 1 ELSE 0 END, {row}."loose_minutes" + {row}."played_minutes",
        CASE WHEN {row}."score" IS NULL THEN 0 ELSE 1 END, coalesce({row}."score", 0)"#
    )
}

/// The parts that the entries of `rows` count, each row of `source` being one entry.
fn parts_of_entries(row: &str, source: &str) -> [String; 3] {
    let numbers = of_entry(row);
    let from = if source.is_empty() { String::new() } else { format!(" FROM {source} AS {row}") };
    let joined = if source.is_empty() { String::new() } else { format!("{source} AS {row}, ") };
    [
        format!(r#"SELECT {row}."user", {row}."audience", 0, CAST({row}."state" AS text), {numbers}{from}"#),
        format!(r#"SELECT {row}."user", {row}."audience", 3, '', {numbers}{from}"#),
        format!(
            r#"SELECT {row}."user", {row}."audience", 1, "genre"."genre", {numbers}
            FROM {joined}"title_genre" AS "genre" WHERE "genre"."title" = {row}."title""#
        ),
    ]
}

/// The part that a playthrough counts.
fn part_of_playthroughs(row: &str, source: &str) -> String {
    let from = if source.is_empty() { String::new() } else { format!(" FROM {source} AS {row}") };
    format!(
        r#"SELECT {row}."user", {row}."audience", 2, {row}."platform", 1, CASE WHEN {row}."finished" IS NULL THEN 0 ELSE 1 END,
        coalesce({row}."minutes", 0), 0, 0{from} WHERE {row}."platform" IS NOT NULL"#
    )
}

/// Adds what `EXCLUDED` has.
const ADD: &str = r#"DO UPDATE SET "entries" = "library_count"."entries" + EXCLUDED."entries",
    "completed" = "library_count"."completed" + EXCLUDED."completed",
    "minutes" = "library_count"."minutes" + EXCLUDED."minutes",
    "scored" = "library_count"."scored" + EXCLUDED."scored",
    "score_sum" = "library_count"."score_sum" + EXCLUDED."score_sum""#;

/// SQLite: adds the part of one row.
fn sqlite_add(part: &str) -> String {
    // Without a condition the parser would take ON for that of a join.
    let condition = if part.contains(" WHERE ") { "" } else { " WHERE true" };
    format!(r#"INSERT INTO "library_count" ({COLUMNS}) {part}{condition} ON CONFLICT {KEY} {ADD};"#)
}

/// SQLite: takes away what an entry counted.
fn sqlite_subtract_entry(row: &str) -> String {
    let set = format!(
        r#""entries" = "entries" - 1, "completed" = "completed" - CASE WHEN {row}."state" = 2 THEN 1 ELSE 0 END,
        "minutes" = "minutes" - {row}."loose_minutes" - {row}."played_minutes",
        "scored" = "scored" - CASE WHEN {row}."score" IS NULL THEN 0 ELSE 1 END,
        "score_sum" = "score_sum" - coalesce({row}."score", 0)"#
    );
    let of_user = format!(r#""user" = {row}."user" AND "audience" = {row}."audience""#);
    format!(
        r#"UPDATE "library_count" SET {set} WHERE {of_user} AND "kind" = 0 AND "key" = CAST({row}."state" AS text);
        UPDATE "library_count" SET {set} WHERE {of_user} AND "kind" = 3 AND "key" = '';
        UPDATE "library_count" SET {set} WHERE {of_user} AND "kind" = 1
            AND "key" IN (SELECT "genre" FROM "title_genre" WHERE "title" = {row}."title");
        DELETE FROM "library_count" WHERE {of_user} AND "entries" <= 0;"#
    )
}

/// SQLite: takes away what a playthrough counted.
fn sqlite_subtract_playthrough(row: &str) -> String {
    let this = format!(
        r#""user" = {row}."user" AND "audience" = {row}."audience" AND "kind" = 2 AND "key" = {row}."platform""#
    );
    format!(
        r#"UPDATE "library_count" SET "entries" = "entries" - 1,
            "completed" = "completed" - CASE WHEN {row}."finished" IS NULL THEN 0 ELSE 1 END,
            "minutes" = "minutes" - coalesce({row}."minutes", 0) WHERE {this};
        DELETE FROM "library_count" WHERE {this} AND "entries" <= 0;"#
    )
}

/// The genre of `row`, of each entry of its title.
fn genre_of_entries(row: &str) -> String {
    format!(
        r#"SELECT "entry"."user", "entry"."audience", 1, {row}."genre", {}
        FROM "library_entry" AS "entry" WHERE "entry"."title" = {row}."title""#,
        of_entry(r#""entry""#)
    )
}

fn sqlite() -> Vec<String> {
    let add_entry: String = parts_of_entries("NEW", "").iter().map(|part| sqlite_add(part)).collect();
    let add_playthrough = sqlite_add(&part_of_playthroughs("NEW", ""));
    let (less_entry, less_playthrough) = (sqlite_subtract_entry("OLD"), sqlite_subtract_playthrough("OLD"));
    let trigger = |name: &str, event: &str, table: &str, body: &str| {
        format!(r#"CREATE TRIGGER "library_count_{name}" AFTER {event} ON "{table}" BEGIN {body} END"#)
    };
    let follow = r#"UPDATE "playthrough" SET "audience" = NEW."audience"
        WHERE "user" = NEW."user" AND "title" = NEW."title" AND "audience" <> NEW."audience";"#;
    let counted = r#"UPDATE OF "title", "state", "score", "audience", "loose_minutes", "played_minutes""#;
    let run = r#"UPDATE OF "audience", "platform", "finished", "minutes""#;
    // Where an entry is removed its playthroughs go by themselves.
    let less_genre = r#"UPDATE "library_count" SET "entries" = "library_count"."entries" - "part"."entries",
            "completed" = "library_count"."completed" - "part"."completed",
            "minutes" = "library_count"."minutes" - "part"."minutes",
            "scored" = "library_count"."scored" - "part"."scored",
            "score_sum" = "library_count"."score_sum" - "part"."score_sum"
        FROM (SELECT "entry"."user" AS "user", "entry"."audience" AS "audience", 1 AS "entries",
                CASE WHEN "entry"."state" = 2 THEN 1 ELSE 0 END AS "completed",
                "entry"."loose_minutes" + "entry"."played_minutes" AS "minutes",
                CASE WHEN "entry"."score" IS NULL THEN 0 ELSE 1 END AS "scored", coalesce("entry"."score", 0) AS "score_sum"
            FROM "library_entry" AS "entry" WHERE "entry"."title" = OLD."title") AS "part"
        WHERE "library_count"."user" = "part"."user" AND "library_count"."audience" = "part"."audience"
            AND "library_count"."kind" = 1 AND "library_count"."key" = OLD."genre";
        DELETE FROM "library_count" WHERE "kind" = 1 AND "key" = OLD."genre" AND "entries" <= 0
            AND "user" IN (SELECT "user" FROM "library_entry" WHERE "title" = OLD."title")
            AND "audience" IN (0, 1, 2);"#;
    vec![
        trigger("entry_added", "INSERT", "library_entry", &add_entry),
        trigger("entry_removed", "DELETE", "library_entry", &less_entry),
        trigger("entry_changed", counted, "library_entry", &format!("{less_entry} {add_entry} {follow}")),
        trigger("run_added", "INSERT", "playthrough", &add_playthrough),
        trigger("run_removed", "DELETE", "playthrough", &less_playthrough),
        trigger("run_changed", run, "playthrough", &format!("{less_playthrough} {add_playthrough}")),
        trigger("genre_added", "INSERT", "title_genre", &sqlite_add(&genre_of_entries("NEW"))),
        trigger("genre_removed", "DELETE", "title_genre", less_genre),
    ]
}

const NUMBERS: [&str; 5] = ["entries", "completed", "minutes", "scored", "score_sum"];

/// PostgreSQL: parts with the same key as one, each with a sign.
fn summed(parts: &[(char, String)]) -> String {
    let sums: Vec<String> = NUMBERS.iter().map(|name| format!(r#"sum("part"."{name}") AS "{name}""#)).collect();
    let signed = |sign: char| {
        let numbers: Vec<String> = NUMBERS.iter().map(|name| format!(r#"{sign}"{name}""#)).collect();
        format!(r#""user", "audience", "kind", "key", {}"#, numbers.join(", "))
    };
    let parts: Vec<String> = parts
        .iter()
        .map(|(sign, part)| format!(r#"SELECT {} FROM ({part}) AS "one" ({COLUMNS})"#, signed(*sign)))
        .collect();
    format!(
        r#"SELECT "part"."user", "part"."audience", "part"."kind", "part"."key", {} FROM ({}) AS "part" ({COLUMNS})
        GROUP BY 1, 2, 3, 4"#,
        sums.join(", "),
        parts.join(" UNION ALL ")
    )
}

/// PostgreSQL: adds parts. In the order of the key, so that two transactions of one user can't wait for each other.
fn postgres_add(parts: &[(char, String)]) -> String {
    let changed: Vec<String> = NUMBERS.iter().map(|name| format!(r#""{name}" <> 0"#)).collect();
    format!(
        r#"INSERT INTO "library_count" ({COLUMNS}) SELECT * FROM ({}) AS "sum" WHERE {} ORDER BY 1, 2, 3, 4
        ON CONFLICT {KEY} {ADD};"#,
        summed(parts),
        changed.join(" OR ")
    )
}

/// PostgreSQL: that a count is of a user of these rows. As an array the users are looked up in the index, whatever is known of the table
/// when the plan is made: a session keeps it while the table grows.
fn of_users(rows: &str) -> String {
    format!(r#""library_count"."user" = ANY (ARRAY (SELECT DISTINCT "user" FROM {rows}))"#)
}

/// PostgreSQL: takes parts away, of rows that are there: with the user they may be gone already.
fn postgres_subtract(parts: &[(char, String)], rows: &str) -> String {
    let set: Vec<String> =
        NUMBERS.iter().map(|name| format!(r#""{name}" = "library_count"."{name}" - "part"."{name}""#)).collect();
    format!(
        r#"UPDATE "library_count" SET {} FROM ({}) AS "part" WHERE {} AND "library_count"."user" = "part"."user"
            AND "library_count"."audience" = "part"."audience" AND "library_count"."kind" = "part"."kind"
            AND "library_count"."key" = "part"."key";
        {}"#,
        set.join(", "),
        summed(parts),
        of_users(rows),
        postgres_clear(rows)
    )
}

/// PostgreSQL: removes what has come to nothing, of the users of these rows.
fn postgres_clear(rows: &str) -> String {
    format!(r#"DELETE FROM "library_count" WHERE {} AND "entries" <= 0;"#, of_users(rows))
}

fn postgres() -> Vec<String> {
    // Rows are looked up by keys: a plan that was made for many rows would read whole tables for one.
    let function = |name: &str, body: &str| {
        format!(
            r#"CREATE FUNCTION "library_count_{name}"() RETURNS trigger LANGUAGE plpgsql
            SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $body$
            BEGIN {body} RETURN NULL; END $body$"#
        )
    };
    let trigger = |name: &str, event: &str, table: &str, rows: &str| {
        format!(
            r#"CREATE TRIGGER "library_count_{name}" AFTER {event} ON "{table}" REFERENCING {rows}
            FOR EACH STATEMENT EXECUTE FUNCTION "library_count_{name}"()"#
        )
    };
    let with = |sign: char, parts: &[String]| -> Vec<(char, String)> {
        parts.iter().map(|part| (sign, part.clone())).collect()
    };
    let entries = |sign, source: &str| with(sign, &parts_of_entries(r#""entry""#, source));
    let runs = |sign, source: &str| with(sign, &[part_of_playthroughs(r#""run""#, source)]);
    let entries_changed = [entries('-', r#""before""#), entries('+', r#""after""#)].concat();
    let runs_changed = [runs('-', r#""before""#), runs('+', r#""after""#)].concat();
    let follow = r#"UPDATE "playthrough" SET "audience" = NEW."audience"
        WHERE "user" = NEW."user" AND "title" = NEW."title" AND "audience" <> NEW."audience";"#;
    let unless_empty = r#"IF NOT EXISTS (SELECT 1 FROM "after") THEN RETURN NULL; END IF;"#;
    // Until its transaction ends nobody adds an entry of that title, who would not see the genre, and whom this would not see.
    let lock = |row: &str| format!(r#"PERFORM 1 FROM "title" WHERE "id" = {row}."title" FOR UPDATE;"#);
    let genre = |sign, row: &str| with(sign, &[genre_of_entries(row)]);
    let of_title = r#""library_entry" WHERE "title" = OLD."title""#;
    vec![
        function("entry_added", &postgres_add(&entries('+', r#""added""#))),
        function("entry_removed", &postgres_subtract(&entries('+', r#""removed""#), r#""removed""#)),
        function(
            "entry_changed",
            &format!("{unless_empty} {} {} {follow}", postgres_add(&entries_changed), postgres_clear(r#""after""#)),
        ),
        function("run_added", &postgres_add(&runs('+', r#""added""#))),
        function("run_removed", &postgres_subtract(&runs('+', r#""removed""#), r#""removed""#)),
        function(
            "run_changed",
            &format!("{unless_empty} {} {}", postgres_add(&runs_changed), postgres_clear(r#""after""#)),
        ),
        function("genre_added", &format!("{} {}", lock("NEW"), postgres_add(&genre('+', "NEW")))),
        function("genre_removed", &format!("{} {}", lock("OLD"), postgres_subtract(&genre('+', "OLD"), of_title))),
        function("audience_changed", follow),
        trigger("entry_added", "INSERT", "library_entry", r#"NEW TABLE AS "added""#),
        trigger("entry_removed", "DELETE", "library_entry", r#"OLD TABLE AS "removed""#),
        trigger("entry_changed", "UPDATE", "library_entry", r#"OLD TABLE AS "before" NEW TABLE AS "after""#),
        trigger("run_added", "INSERT", "playthrough", r#"NEW TABLE AS "added""#),
        trigger("run_removed", "DELETE", "playthrough", r#"OLD TABLE AS "removed""#),
        trigger("run_changed", "UPDATE", "playthrough", r#"OLD TABLE AS "before" NEW TABLE AS "after""#),
        r#"CREATE TRIGGER "library_count_audience_changed" AFTER UPDATE OF "audience" ON "library_entry" FOR EACH ROW
        WHEN (NEW."audience" <> OLD."audience") EXECUTE FUNCTION "library_count_audience_changed"()"#
            .to_owned(),
        r#"CREATE TRIGGER "library_count_genre_added" AFTER INSERT ON "title_genre" FOR EACH ROW
        EXECUTE FUNCTION "library_count_genre_added"()"#
            .to_owned(),
        r#"CREATE TRIGGER "library_count_genre_removed" AFTER DELETE ON "title_genre" FOR EACH ROW
        EXECUTE FUNCTION "library_count_genre_removed"()"#
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
        manager
            .create_table(
                Table::create()
                    .table("library_count")
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("key").text().not_null())
                    .col(number("entries"))
                    .col(number("completed"))
                    .col(number("minutes"))
                    .col(number("scored"))
                    .col(number("score_sum"))
                    .primary_key(Index::create().col("user").col("audience").col("kind").col("key"))
                    .foreign_key(&mut of_user("library_count"))
                    .to_owned(),
            )
            .await?;
        // What everybody may see is what people are found by.
        for number in ["completed", "minutes"] {
            let index = format!(
                r#"CREATE INDEX "library_count_{number}" ON "library_count" ("kind", "key", "{number}", "user") WHERE "audience" = 0"#
            );
            manager.get_connection().execute_unprepared(&index).await?;
        }
        run(manager, &sqlite(), &postgres()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let names = [
            "entry_added",
            "entry_removed",
            "entry_changed",
            "run_added",
            "run_removed",
            "run_changed",
            "genre_added",
            "genre_removed",
        ];
        let sqlite = names.map(|name| format!(r#"DROP TRIGGER "library_count_{name}""#));
        let functions = names.iter().chain(&["audience_changed"]);
        let postgres: Vec<String> =
            functions.map(|name| format!(r#"DROP FUNCTION "library_count_{name}"() CASCADE"#)).collect();
        run(manager, &sqlite, &postgres).await?;
        manager.drop_table(Table::drop().table("library_count").to_owned()).await
    }
}
