//! Triggers that keep what each world stores: no transaction that adds or removes rows can forget it.
//!
//! A row is charged with the bytes by which it makes the database grow at most, its entries in indexes included. Measured on both
//! databases; a recording of more than half a page is charged with whole pages, because no second one fits into the rest.
//!
//! SQLite fires a trigger for each row. So who stores many traces there counts them in one statement, says so in `counted_upto`, and
//! the triggers leave these out.

use sea_orm_migration::prelude::*;

/// Triggers that keep what each world stores.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows whose size differs much: their table, and their charge. `len(column)` is its length in bytes, 0 where it is NULL.
const TEXTS: [(&str, &str); 2] = [
    ("stored_scope", "200 + 2 * len(scope)"),
    ("trace", "500 + 2 * len(author) + 4 * len(scope) + len(body) + len(detail) + 2 * len(source_id)"),
];

/// Rows with a recording: their table, what is charged beside the recording, and the bytes that lie together.
const RECORDINGS: [(&str, &str, &str); 2] =
    [("recording", "250", "(len(bytes) + len(look) + 150)"), ("upload", "500", "(len(bytes) + len(look) + 400)")];

/// Other rows, charged as if their texts were as long as they may be.
const OTHERS: [(&str, &str); 11] = [
    ("idempotency", "900"),
    ("trace_ref", "600"),
    ("vote", "250"),
    ("trace_use", "250"),
    ("inbox", "400"),
    ("report", "900"),
    ("reporter", "250"),
    ("change", "350"),
    ("player", "400"),
    ("player_token", "450"),
    ("hidden_author", "300"),
];

/// The charge of each table's rows.
fn charges() -> Vec<(&'static str, String)> {
    let pages = |beside, bytes: &str| {
        format!(
            "{beside} + {bytes} / 16 + CASE WHEN {bytes} <= 4096 THEN 4096 / (4096 / {bytes}) \
             ELSE ({bytes} + 4095) / 4096 * 4096 END"
        )
    };
    let texts = TEXTS.iter().chain(&OTHERS).map(|(table, charge)| (*table, (*charge).to_owned()));
    texts.chain(RECORDINGS.iter().map(|(table, beside, bytes)| (*table, pages(beside, bytes)))).collect()
}

/// A charge as SQL, of the columns of `row`.
fn of_row(charge: &str, row: &str) -> String {
    let mut parts = charge.split("len(");
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (column, rest) = part.split_once(')').unwrap_or((part, ""));
        sql = format!("{sql}coalesce(octet_length({row}.{column}), 0){rest}");
    }
    format!("({sql})")
}

fn sqlite() -> Vec<String> {
    // Not INSERT OR IGNORE: the statement that fires the trigger may have such a clause of its own, which would count.
    let scope_added = r#"INSERT INTO "stored_scope" ("world", "scope") SELECT NEW."world", NEW."scope"
        WHERE NOT EXISTS (SELECT 1 FROM "stored_scope" WHERE "world" = NEW."world" AND "scope" = NEW."scope");"#;
    let scope_removed = r#"DELETE FROM "stored_scope" WHERE "world" = OLD."world" AND "scope" = OLD."scope"
        AND NOT EXISTS (SELECT 1 FROM "trace" WHERE "world" = OLD."world" AND "scope" = OLD."scope");"#;
    let not_counted = r#"WHEN NEW."id" > (SELECT "counted_upto" FROM "storage_use" WHERE "world" = NEW."world")"#;
    let trigger = |table: &str, what: &str, event: &str, first: &str, row: &str, set: &str| {
        format!(
            r#"CREATE TRIGGER "storage_{table}_{what}" AFTER {event} ON "{table}" {} BEGIN
                {first}
                UPDATE "storage_use" SET {set} WHERE "world" = {row}."world";
            END"#,
            if event == "INSERT" && ["trace", "recording"].contains(&table) { not_counted } else { "" }
        )
    };
    let mut statements = Vec::new();
    for (table, charge) in charges() {
        let charge = |row| of_row(&charge, row);
        for (event, what, row, sign, first) in
            [("INSERT", "added", "NEW", '+', scope_added), ("DELETE", "removed", "OLD", '-', scope_removed)]
        {
            let first = if table == "trace" { first } else { "" };
            let scopes =
                if table == "stored_scope" { format!(r#", "scopes" = "scopes" {sign} 1"#) } else { String::new() };
            let set = format!(r#""bytes" = "bytes" {sign} {}{scopes}"#, charge(row));
            statements.push(trigger(table, what, event, first, row, &set));
        }
        if table == "trace" {
            let set = format!(r#""bytes" = "bytes" + {} - {}"#, charge("NEW"), charge("OLD"));
            statements.push(trigger(table, "changed", r#"UPDATE OF "body", "detail""#, "", "NEW", &set));
        }
    }
    statements
}

/// A trigger's function.
fn function(name: &str, body: &str) -> String {
    format!(
        "CREATE FUNCTION \"storage_{name}\"() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {body}; RETURN NULL; END $body$"
    )
}

/// One statement of PostgreSQL fires one call for all its rows.
fn postgres() -> Vec<String> {
    let mut statements = Vec::new();
    for (table, charge) in charges() {
        // The subquery is not turned into a join, which might read all traces: each scope is looked up in the index.
        let scopes = if table == "trace" {
            "IF TG_OP = 'INSERT' THEN
                INSERT INTO {schema}.stored_scope (world, scope) SELECT DISTINCT world, scope FROM changed
                ON CONFLICT DO NOTHING;
            ELSE
                DELETE FROM {schema}.stored_scope AS stored USING (SELECT DISTINCT world, scope FROM changed) AS gone
                WHERE stored.world = gone.world AND stored.scope = gone.scope AND (SELECT one.id FROM {schema}.trace AS one
                    WHERE one.world = gone.world AND one.scope = gone.scope LIMIT 1) IS NULL;
            END IF;"
        } else {
            ""
        };
        let count = if table == "stored_scope" {
            ", scopes = used.scopes + (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END) * counted.rows"
        } else {
            ""
        };
        statements.push(function(
            table,
            &format!(
                "{scopes}
                UPDATE {{schema}}.storage_use AS used
                SET bytes = used.bytes + (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END) * counted.bytes{count}
                FROM (SELECT world, count(*) AS rows, sum({}) AS bytes FROM changed GROUP BY world) AS counted
                WHERE used.world = counted.world",
                of_row(&charge, "changed")
            ),
        ));
        for (what, event, rows) in [("added", "INSERT", "NEW"), ("removed", "DELETE", "OLD")] {
            statements.push(format!(
                r#"CREATE TRIGGER "storage_{table}_{what}" AFTER {event} ON "{table}" REFERENCING {rows} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION "storage_{table}"()"#
            ));
        }
        if table == "trace" {
            let (new, old) = (of_row(&charge, "NEW"), of_row(&charge, "OLD"));
            let update =
                format!("UPDATE {{schema}}.storage_use SET bytes = bytes + {new} - {old} WHERE world = NEW.world");
            statements.push(function("trace_changed", &update));
            statements.push(
                r#"CREATE TRIGGER "storage_trace_changed" AFTER UPDATE OF "body", "detail" ON "trace"
                FOR EACH ROW EXECUTE FUNCTION "storage_trace_changed"()"#
                    .to_owned(),
            );
        }
    }
    statements
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let scopes = r#"INSERT INTO "stored_scope" ("world", "scope") SELECT DISTINCT "world", "scope" FROM "trace""#;
        connection.execute_unprepared(scopes).await?;
        for (table, charge) in charges() {
            let charge = of_row(&charge, table);
            let bytes = format!(
                r#"UPDATE "storage_use" SET "bytes" = "bytes" + coalesce((SELECT sum({charge}) FROM "{table}"
                WHERE "{table}"."world" = "storage_use"."world"), 0)"#
            );
            connection.execute_unprepared(&bytes).await?;
        }
        let count = r#"UPDATE "storage_use" SET "scopes" = (SELECT count(*) FROM "stored_scope"
            WHERE "stored_scope"."world" = "storage_use"."world")"#;
        connection.execute_unprepared(count).await?;
        crate::tenant::run(manager, &sqlite(), &postgres()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (mut sqlite, mut postgres) = (Vec::new(), Vec::new());
        for (table, _) in charges() {
            let triggers =
                ["added", "removed", "changed"].iter().filter(|what| table == "trace" || **what != "changed");
            for what in triggers {
                sqlite.push(format!(r#"DROP TRIGGER "storage_{table}_{what}""#));
                postgres.push(format!(r#"DROP TRIGGER "storage_{table}_{what}" ON "{table}""#));
            }
            postgres.push(format!(r#"DROP FUNCTION "storage_{table}"()"#));
        }
        postgres.push(r#"DROP FUNCTION "storage_trace_changed"()"#.to_owned());
        crate::tenant::run(manager, &sqlite, &postgres).await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(r#"UPDATE "storage_use" SET "bytes" = 0, "scopes" = 0"#).await?;
        connection.execute_unprepared(r#"DELETE FROM "stored_scope""#).await?;
        Ok(())
    }
}
