//! What statements cost on PostgreSQL: pages of tables and indexes, in a world and in one that is ten times as large. Each is run
//! with values that an attacker would choose: from the first id and from the last, in a scope that half of the world is in and
//! in one that has nothing, for an author of a tenth of the world.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait, TryGetable};

use crate::support::{Cairn, Place, white_box::connect_options};

/// The traces of the two worlds.
const SIZES: [i64; 2] = [10_000, 100_000];

/// Pages that a statement may read more in the larger world: indexes are deeper.
const MORE_PAGES: i64 = 40;

/// The author of a tenth of the traces.
const AUTHOR: &str = "00000000-0000-4000-8000-000000000001";

/// The key of the lock under which the worlds are made.
const LOCK: i64 = 0x706c_616e;

/// What fills the tables; `{n}` is the number of traces. Half of them are in one scope, and each other scope has some thirty.
const FILL: &str = r#"
INSERT INTO trace (world, id, kind, scope, author, x, y, z, body, created_at_ms, minted, detail, group_key, content_version,
    rank_value, good, good_weight, score, reports, hidden, expires_at_ms, rated_seq, source_id)
SELECT 1, i, 1 + i % 4, CASE WHEN i % 8 < 4 THEN 'crowd' ELSE 's' || (i / 8) % ({n} / 64) END,
    CASE WHEN i % 10 = 0 THEN '{author}' ELSE 'a' || i % ({n} / 50) END, (i::bigint * 7919) % {n}, (i::bigint * 104729) % {n}, (i * 31) % {n},
    CASE WHEN i % 3 = 0 THEN '{}' ELSE '' END, i, i % 10 < 6, '{}', CASE WHEN i % 9 = 0 THEN 'g' || i % 3 END, 0,
    CASE WHEN i % 4 = 2 THEN (i::bigint * 131) % {n} END, i % 5, i % 5, CASE WHEN i % 5 > 0 THEN 0.1 + (i % 97) / 200.0 ELSE 0 END,
    CASE WHEN i % 500 = 0 THEN 1 ELSE 0 END, i % 501 = 0, CASE WHEN i % 4 >= 2 THEN 4000000000000 + i END,
    CASE WHEN i % 3 = 0 THEN {n} + i END, CASE WHEN i % 7 = 0 THEN 'import-' || i END
FROM generate_series(1, {n}) AS i;
INSERT INTO recording (world, id, codec, frames, bytes, recording_id) SELECT 1, i, 1, 1, '\x00', 'r' || i
FROM generate_series(1, {n}) AS i WHERE i % 4 >= 2;
INSERT INTO vote (world, trace, player, good, weight, at_ms) SELECT 1, i, '{author}', true, 4, i FROM generate_series(1, {n}) AS i;
INSERT INTO trace_use (world, trace, player, at_ms) SELECT 1, i, '{author}', i FROM generate_series(1, {n}) AS i;
INSERT INTO report (world, trace, player, reason, at_ms) SELECT 1, i, '{author}', 1, i FROM generate_series(1, {n}, 500) AS i;
INSERT INTO trace_ref (world, author, ref, trace, digest, created_at_ms) SELECT 1, '{author}', 'ref' || i, i, '\x00', i
FROM generate_series(10, {n}, 10) AS i;
INSERT INTO inbox (world, trace, what, player, id, good, poor, uses, count, at_ms)
SELECT 1, i, 1, CASE WHEN i % 10 = 0 THEN '{author}' ELSE 'a' || i END, i, 1, 0, 0, 1, i FROM generate_series(1, {n}) AS i;
INSERT INTO change (world, seq, trace, reason, scope, at_ms)
SELECT 1, {n} + i, i, 1, CASE WHEN i % 8 < 4 THEN 'crowd' ELSE 's' || (i / 8) % ({n} / 64) END, i FROM generate_series(1, {n}) AS i;
INSERT INTO idempotency (world, caller, key, digest, created_at_ms) SELECT 1, 'c', 'k' || i, '\x00', i
FROM generate_series(1, {n}) AS i;
INSERT INTO player (world, id, created_at_ms) SELECT 1, 'a' || i, i FROM generate_series(1, {n}) AS i;
INSERT INTO own_count (world, author, kind, scope, count) SELECT 1, '{author}', 2, 's' || i, 1 FROM generate_series(1, {n}) AS i;
UPDATE world SET seq = 2 * {n} WHERE id = 1;
SET search_path = public;
INSERT INTO "user" (id, email, email_key, password, epoch, created_at_ms, password_at_ms)
SELECT CASE WHEN i = 0 THEN 'g1' ELSE 'u' || i END, 'e' || i, 'e' || i, '', 0, 1, 1 FROM generate_series(0, {n} / 100) AS i;
INSERT INTO title (id, name, name_key, revision, created_at_ms, changed_at_ms)
SELECT i, 'n' || i, 'n' || i, 1, 1, 1 FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_genre (title, genre, name_key) SELECT i, 'genre' || i % 10, 'n' || i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO library_entry ("user", title, state, since_ms, added_ms, changed_ms, revision, audience, loose_minutes, written)
SELECT CASE WHEN i <= 10 THEN 'g1' ELSE 'u' || 1 + i % ({n} / 100) END, i, i % 5, i, i, i, i, i % 3, i % 100, 1
FROM generate_series(1, {n} / 10) AS i;
INSERT INTO playthrough ("user", title, number, audience, platform, minutes, written)
SELECT "user", title, 1, audience, 'pc', 10, true FROM library_entry WHERE title % 2 = 0;
INSERT INTO library_edit (id, "user", expires_ms) SELECT 'edit' || i, 'u' || i, 4000000000000 FROM generate_series(1, {n} / 100) AS i;
INSERT INTO library_edit_row (edit, title, revision) SELECT 'edit' || 1 + i % ({n} / 100), i, i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO library_import (id, "user", source, mode, audience, status, made_ms, expires_ms)
SELECT 'import' || i, 'u' || i, 1, 2, 1, 0, 1, 4000000000000 FROM generate_series(1, {n} / 100) AS i;
INSERT INTO library_import_row (import, number, outcome, name, why, content)
SELECT 'import' || 1 + i % ({n} / 100), i, i % 5, 'n', '', '' FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_name (id, title, name, name_key, search_text)
SELECT i, i, 'n' || i, 'n' || i, '  n' || i || '  ' FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_slip (hash, name) SELECT i, i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_platform (title, platform, name_key) SELECT i, 'platform' || i % 50, 'n' || i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_external (source, external, title) SELECT 's', 'e' || i, i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_price (title, asked_ms, checked_ms) SELECT i, i, i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO title_offer (title, store, store_name, deal, price_minor) SELECT i, s, 's', 'd', 1
FROM generate_series(1, {n} / 10) AS i, generate_series(1, 3) AS s;
INSERT INTO price_fall (title, "user", target_minor, target_currency, usd_minor, shown_minor, at_ms)
SELECT title, "user", 1, 'EUR', 1, 1, 1 FROM library_entry;
INSERT INTO title_discovery (query_key, query, asked_ms, done_ms, titles, unclear)
SELECT 'q' || i, 'q', i, i, '', 0 FROM generate_series(1, {n} / 10) AS i;
INSERT INTO challenge (id, host, title, session_type, audience, state, text, capacity, starts_at_ms, zone, minutes, area, cell, region,
    brings, needs, reminded, turns, revision, created_at_ms, changed_at_ms)
SELECT i, 'u' || 1 + i % ({n} / 100), i, i % 2, i % 3, i % 6, '', 1, 4000000000000 + i, 'UTC', 1, 'a', i % ({n} / 100), i % ({n} / 100),
    '', '', false, 1, i, i, i FROM generate_series(1, {n} / 10) AS i;
INSERT INTO challenge_guest (id, challenge, user_id, state, invited, turn, brings, no_show, since_ms)
SELECT i * 10 + g, i, 'u' || 1 + (i + g * 7) % ({n} / 100), g % 6, true, g, '', false, i
FROM generate_series(1, {n} / 10) AS i, generate_series(1, 3) AS g;
INSERT INTO challenge_move (id, challenge, guest, by, what, state, at_ms)
SELECT i, 1 + i % ({n} / 10), 'u' || 1 + i % ({n} / 100), 'guest', 'accepted', 1, i FROM generate_series(1, {n} / 5) AS i;
INSERT INTO moderation_case (id, kind, subject, author, open, in_force, reports, reported_text)
SELECT i, i % 5, 's' || i, 'u' || 1 + i % ({n} / 100), i % 2 = 0, i % 3 = 0, i % 7, '' FROM generate_series(1, {n} / 10) AS i;
INSERT INTO moderation_report (case_id, reporter, reason, note, at_ms, outcome)
SELECT i, 'u' || 1 + i % ({n} / 100), i % 9, '', i, i % 3 FROM generate_series(1, {n} / 10) AS i;
INSERT INTO moderation_verdict (id, case_id, kind, subject, author, action, note, automatic, at_ms, before)
SELECT i, i, i % 5, 's' || i, 'u' || 1 + i % ({n} / 100), i % 7, '', false, i, '{}' FROM generate_series(1, {n} / 10) AS i;
INSERT INTO challenge_host ("user", day, invitations) SELECT 'u' || i, 1, 1 FROM generate_series(1, {n} / 100) AS i;
INSERT INTO unclear_title (source, external, record, candidates, at_ms)
SELECT 's', 'u' || i, '{}', '', i FROM generate_series(1, {n} / 10) AS i;
SET search_path = studio_1"#;

/// What is wrong with the cost of these statements. Each is looked at by the first test that runs it.
pub async fn faults(place: &Place, url: &str, statements: &[String]) -> Vec<String> {
    let (server, _) = url.rsplit_once('/').unwrap();
    make_worlds(place, server).await;
    let mut worlds = Vec::new();
    for size in SIZES {
        let mut options = connect_options(format!("{server}/{}", database(size)));
        options.set_schema_search_path("studio_1,public");
        worlds.push((sea_orm::Database::connect(options).await.unwrap(), size));
    }
    let mut faults = Vec::new();
    for sql in statements {
        let shape = shape(sql);
        if shape.starts_with("INSERT") || !is_first(&worlds[0].0, &shape).await {
            continue;
        }
        for (scope, is_late) in [("crowd", false), ("crowd", true), ("nothing", false)] {
            let mut pages = Vec::new();
            for (connection, size) in &worlds {
                let after = if is_late { 2 * size - 10 } else { 0 };
                pages.push(pages_read(connection, &unqualified(sql), &Values { scope, after, size: *size }).await);
            }
            // A statement that does not run with these values, such as one that would insert a row twice, has no cost to compare.
            if let [Some(small), Some(large)] = pages[..]
                && large > small * 3 / 2 + MORE_PAGES
            {
                faults.push(format!(
                    "{sql}\n  scope {scope}, from the {}: {small} pages, {large} in the larger world",
                    if is_late { "end" } else { "beginning" }
                ));
                break;
            }
        }
    }
    for (connection, _) in worlds {
        connection.close().await.unwrap();
    }
    if !faults.is_empty() {
        // So that the test fails again when it is run again beside the same server.
        forget(server, statements).await;
    }
    faults
}

fn database(size: i64) -> String {
    format!("cairn_plans_{size}")
}

/// Makes the two worlds, where no other test has made them.
async fn make_worlds(place: &Place, server: &str) {
    let admin = sea_orm::Database::connect(connect_options(format!("{server}/postgres"))).await.unwrap();
    admin.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await.unwrap();
    for size in SIZES {
        let (name, making) = (database(size), format!("{}_making", database(size)));
        let exists = format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'");
        let exists = Statement::from_string(DbBackend::Postgres, exists);
        if admin.query_one_raw(exists).await.unwrap().is_some() {
            continue;
        }
        admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {making}")).await.unwrap();
        let made = Place {
            folder: place.folder.with_extension("plans"),
            database_url: Some(format!("{server}/{making}")),
            redis_url: place.redis_url.clone(),
        };
        Cairn::start(&made, &[]).await.stop().await;
        made.execute(&FILL.replace("{n}", &size.to_string()).replace("{author}", AUTHOR)).await;
        for statement in ["VACUUM ANALYZE", "CREATE TABLE checked (shape text PRIMARY KEY)"] {
            made.execute(statement).await;
        }
        let _not_there = std::fs::remove_dir_all(&made.folder);
        let leave = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{making}'");
        admin.execute_unprepared(&leave).await.unwrap();
        admin.execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {name}")).await.unwrap();
    }
    admin.close().await.unwrap();
}

/// Whether no other test has looked at a statement of this shape.
async fn is_first(connection: &DatabaseConnection, shape: &str) -> bool {
    let insert = "INSERT INTO checked SELECT $1 ON CONFLICT DO NOTHING";
    let insert = Statement::from_sql_and_values(DbBackend::Postgres, insert, [shape.into()]);
    connection.execute_raw(insert).await.unwrap().rows_affected() == 1
}

async fn forget(server: &str, statements: &[String]) {
    let mut options = connect_options(format!("{server}/{}", database(SIZES[0])));
    options.set_schema_search_path("studio_1,public");
    let connection = sea_orm::Database::connect(options).await.unwrap();
    for sql in statements {
        let delete = "DELETE FROM checked WHERE shape = $1";
        let delete = Statement::from_sql_and_values(DbBackend::Postgres, delete, [shape(sql).into()]);
        connection.execute_raw(delete).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// The text without the studio's schema.
fn unqualified(sql: &str) -> String {
    let mut text = String::new();
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("\"studio_") {
        text.push_str(before);
        rest = after.split_once("\".").map_or("", |(_, rest)| rest);
    }
    text + rest
}

/// The text without the schema and the numbers of values; lists of values are of one length.
fn shape(sql: &str) -> String {
    let mut shape: String = unqualified(sql);
    shape.retain(|letter| !letter.is_ascii_digit());
    while shape.contains("$, $") {
        shape = shape.replace("$, $", "$");
    }
    shape
}

/// The values for which a statement is run.
struct Values<'a> {
    scope: &'a str,
    after: i64,
    size: i64,
}

impl Values<'_> {
    /// A literal in the place of a value of type `kind` after the text `before`.
    fn literal(&self, before: &str, kind: &str) -> String {
        let before = before.trim_end();
        let column = before.rsplit('"').nth(1).unwrap_or_default();
        let (middle, is_array) = (self.size / 2, kind.ends_with("[]"));
        let is_lower = before.ends_with('>') || before.ends_with(">=");
        let is_upper = before.ends_with('<') || before.ends_with("<=") || before.ends_with("AND");
        let number = match column {
            _ if before.ends_with("LIMIT") => 50,
            _ if before.ends_with("OFFSET") => 0,
            "world" => 1,
            "id" if kind == "integer" => 1,
            "kind" => 2,
            _ if is_lower => self.after,
            _ if is_upper => 2 * self.size,
            _ if before.ends_with("BETWEEN") => 2 * self.size - 5,
            "id" | "trace" => middle / 10 * 10,
            _ => 1,
        };
        let text = match column {
            "scope" => self.scope,
            "author" | "player" => AUTHOR,
            _ => "g1",
        };
        let literal = match kind.trim_end_matches("[]") {
            "boolean" => (column == "minted").to_string(),
            "bytea" => "\\x00".to_owned(),
            "text" | "character varying" => text.to_owned(),
            _ => number.to_string(),
        };
        if is_array { format!("'{{{literal}}}'::{kind}") } else { format!("'{literal}'::{kind}") }
    }

    /// The statement with literals in place of its values, which have these types.
    fn fill(&self, sql: &str, types: &[String]) -> String {
        let mut text = String::new();
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once('$') {
            let digits = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
            let (number, after) = after.split_at(digits);
            text.push_str(before);
            let kind = number.parse().ok().and_then(|number: usize| types.get(number - 1));
            let literal = kind.map_or_else(|| "$".to_owned(), |kind| self.literal(&text, kind));
            text.push_str(&literal);
            rest = after;
        }
        text + rest
    }
}

/// The pages that a statement reads with these values; nothing where it can't be run with them. What it writes is undone.
async fn pages_read(connection: &DatabaseConnection, sql: &str, values: &Values<'_>) -> Option<i64> {
    let transaction = connection.begin().await.unwrap();
    transaction.execute_unprepared(&format!("PREPARE asked AS {sql}")).await.ok()?;
    let types = "SELECT unnest(parameter_types)::text AS kind FROM pg_prepared_statements WHERE name = 'asked'";
    let rows = transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, types)).await.unwrap();
    let types: Vec<String> = rows.iter().map(|row| String::try_get(row, "", "kind").unwrap()).collect();
    transaction.execute_unprepared("DEALLOCATE asked").await.unwrap();
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {}", values.fill(sql, &types));
    let row = transaction.query_one_raw(Statement::from_string(DbBackend::Postgres, explain)).await;
    let _was_undone = transaction.rollback().await;
    let plan = serde_json::Value::try_get_by(&row.ok()??, 0).ok()?;
    let plan = &plan[0]["Plan"];
    Some(plan["Shared Hit Blocks"].as_i64()? + plan["Shared Read Blocks"].as_i64()?)
}
