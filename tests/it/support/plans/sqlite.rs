//! Plans of SQLite, which has no statistics here: they depend on the statement and the indexes alone.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TryGetable};

use crate::support::{Place, white_box::connect_options};

/// Tables that grow with a world, and the other name that a statement gives one of them.
const LARGE: [&str; 69] = [
    "user_identity",
    "second_factor",
    "recovery_code",
    "moderation_case",
    "moderation_report",
    "moderation_verdict",
    "later_verdict",
    "last_verdict",
    "challenge",
    "challenge_guest",
    "challenge_move",
    "own_guest",
    "some_guest",
    "blob",
    "app_password",
    "save_slot",
    "save_version",
    "save_entry",
    "save_content",
    "save_window",
    "save_change",
    "title_discovery",
    "title_price",
    "title_offer",
    "price_fall",
    "thought",
    "thought_version",
    "thought_comment",
    "thought_reaction",
    "new_follow",
    "library_entry",
    "playthrough",
    "state_change",
    "library_count",
    "library_edit_row",
    "library_import_row",
    "user",
    "profile",
    "follow",
    "block",
    "notice",
    "former_username",
    "name_word",
    "place",
    "their_follow",
    "their_block",
    "trace",
    "other",
    "recording",
    "vote",
    "report",
    "trace_use",
    "trace_ref",
    "inbox",
    "change",
    "idempotency",
    "upload",
    "player",
    "player_token",
    "own_count",
    "hidden_author",
    "title",
    "title_name",
    "title_slip",
    "title_platform",
    "title_genre",
    "title_external",
    "title_game",
    "unclear_title",
];

/// Statements that are to follow a world in the order of ids, as far as their limit. A fragment of the text stands for each.
const IN_ORDER: &[(&str, &str)] = &[
    (
        r#""target_minor" IS NOT NULL) AND "library_entry"."state" = ? ORDER BY "library_entry"."title" ASC"#,
        "the price targets of all wish lists, which have an index of their own",
    ),
    (r#"SELECT "id" FROM "user" LIMIT ?"#, "whether there is any user"),
    (r#"WHERE "trace"."world" = ? AND "trace"."id" > ? ORDER BY "id" ASC LIMIT ?"#, "the feed of a whole world"),
    (r#""id" <= ? AND "trace"."id" > ? ORDER BY "id" ASC LIMIT ?"#, "the removal of a whole world"),
    (r#"WHERE "trace"."world" = ? ORDER BY "id" ASC LIMIT ?"#, "of a test"),
    (r#"WHERE "user"."administrator" LIMIT ?"#, "administrators, whose index has nobody else"),
    (r#""shown_to_test""#, "of a test, which asks a condition about every profile"),
    (r#"(reports > 0 OR hidden) ORDER BY "reports" DESC"#, "the moderation queue, which has an index of its own"),
    (r#"AS "near""#, "the next 128 ids"),
    (r#"ORDER BY "title"."name_key" ASC, "title"."id" ASC LIMIT"#, "the list of all games, in the order of names"),
    (r#"GROUP BY CAST("title"."year""#, "counts the games of the catalogue, once a minute"),
    (r#""id" > ? AND "trace"."id" <= ? ORDER BY "trace"."id" ASC LIMIT ?"#, "a page of an export"),
    (r#"SELECT DISTINCT "scope""#, "the scopes between two ids"),
];

/// What is wrong with the plans of these statements.
pub async fn faults(place: &Place, statements: &[String]) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(&place.folder) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = names.filter(|name| name.ends_with(".sqlite")).collect();
    // Studios before the control tables.
    files.sort_unstable_by_key(|name| std::cmp::Reverse(name.clone()));
    let mut connections = Vec::new();
    for file in files {
        let url = format!("sqlite://{}?mode=ro", place.folder.join(file).display());
        connections.extend(sea_orm::Database::connect(connect_options(url)).await);
    }
    let mut faults = Vec::new();
    for sql in statements {
        for connection in &connections {
            // Tables that the file does not have are in another one.
            let Ok(plan) = plan(connection, sql).await else { continue };
            let wrong: Vec<&str> = plan.iter().map(String::as_str).filter(|step| is_wrong(step, sql)).collect();
            if !wrong.is_empty() {
                faults.push(format!("{sql}\n  {}", wrong.join("\n  ")));
            }
            break;
        }
    }
    for connection in connections {
        connection.close().await.unwrap();
    }
    faults
}

async fn plan(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, sea_orm::DbErr> {
    let explain = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = connection.query_all_raw(explain).await?;
    rows.iter().map(|row| String::try_get(row, "", "detail").map_err(Into::into)).collect()
}

/// Whether a step of a plan reads a whole table or world, or walks through a world in the order of a range.
fn is_wrong(step: &str, sql: &str) -> bool {
    let Some((action, rest)) = step.split_once(' ') else { return false };
    let table = rest.split(' ').next().unwrap_or_default();
    if !LARGE.contains(&table) || IN_ORDER.iter().any(|(fragment, _)| sql.contains(fragment)) {
        return false;
    }
    if action == "SCAN" {
        return true;
    }
    let Some((_, terms)) = rest.rsplit_once('(') else { return false };
    let terms: Vec<&str> = terms.trim_end_matches(')').split(" AND ").collect();
    match terms[..] {
        ["world=?"] => true,
        ["world=?", first, ..] if ["id", "seq", "trace"].iter().any(|id| is_range(first, id)) => table == "trace",
        _ => false,
    }
}

fn is_range(term: &str, column: &str) -> bool {
    term.strip_prefix(column).is_some_and(|rest| rest.starts_with(['<', '>']))
}
