//! The plans of the statements that tests run. Each statement is recorded, and when a test ends its plans are read: none may read
//! a world, or walk through it in the order of ids, to find little.

mod postgres;
mod sqlite;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use cairn::platform::db::STATEMENTS;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
};

use super::Place;

/// The texts of the statements that this process has run, and how many times.
static RECORDED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Statements that read much, each with the reason. A fragment of the text stands for the statement.
const READING_MUCH: &[(&str, &str)] = &[
    (r#"GROUP BY "scope" HAVING"#, "finds the scopes to trim when a game lowers what they keep; in the background"),
    (r#"AS "eligible""#, "counts a scope for `cairn inspect`, which nobody can ask for by HTTP in a game"),
    (r#"COUNT("id") AS "count""#, "counts a scope once, when it is to be trimmed; in the background"),
    (r#"AND "trace"."author" IN ("#, "looks for what a claimed author left, a range of ids at a time"),
    (r#"AND "player" = $2"#, "exports or erases all that one player has"),
    (r#"AND "author" = $2"#, "the same"),
    (r#"AND ((minted) AND "trace"."author" = $2)"#, "the same"),
    (r#"SELECT MAX("trace"."id")"#, "the end of an index"),
    (r#"ORDER BY "trace" ASC LIMIT"#, "finds what has gone among the references of one player, who has these alone"),
    (r#""inbox"."id" <= "#, "removes what one player's inbox has beyond its bound"),
    (r#"AS "best_met""#, "the traces of one player, by how often they were met"),
    (r#"count(*) AS "traces" FROM"#, "counts the scopes on a page of a studio's map, which costs as ten requests"),
    (r#"SELECT DISTINCT "scope" FROM"#, "finds the scopes of a gap of ids, which is narrow"),
    (r#""search_text" %"#, "finds names that share trigrams: the larger the catalogue, the more share one"),
    (r#"ORDER BY "title_genre"."name_key""#, "a page of a genre, each title looked up by itself"),
    (r#"ORDER BY "title_platform"."name_key""#, "the same, of a platform"),
    (r#"count(*) AS "count" FROM "title_"#, "counts the games of the catalogue, once a minute"),
    (r#"count(*) AS "count" FROM "title" WHERE "title"."year""#, "the same"),
    (
        r#"FROM "moderation_case" WHERE "moderation_case"."open" ORDER BY"#,
        "a page of the index of open cases, from its end",
    ),
    (r#"FROM "moderation_case" WHERE "moderation_case"."in_force" ORDER BY"#, "the same, of what is hidden"),
    (r#"FROM "moderation_verdict" ORDER BY"#, "a page of the log of verdicts, from its end"),
    (r#"= "profile"."user_id" WHERE "user"."administrator""#, "all administrators, who are few and have an index"),
    (r#"= "profile"."user_id" WHERE "user"."moderator""#, "the same, of moderators"),
    (r#""recording" WHERE "recording"."id" ="#, "of a test"),
    (r#""recording"."look" FROM "recording""#, "of a test"),
];

struct Recorder;

struct Text;

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            RECORDED
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(value.to_owned())
                .and_modify(|times| *times += 1)
                .or_insert(1);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Text);
    }
}

/// Records statements from now on.
pub fn record() {
    let only_statements = Targets::new().with_target(STATEMENTS, Level::TRACE);
    let subscriber = tracing_subscriber::registry().with(Recorder.with_filter(only_statements));
    // Of the tests in one process the first does it.
    let _is_first = tracing::subscriber::set_global_default(subscriber);
}

/// How many times statements with this fragment were run.
pub fn times(fragment: &str) -> usize {
    let recorded = RECORDED.lock().unwrap_or_else(PoisonError::into_inner);
    recorded.iter().filter(|(sql, _)| sql.contains(fragment)).map(|(_, times)| times).sum()
}

/// Asserts that the plans of what was recorded on the backend of this place are good.
pub async fn check(place: &Place) {
    let recorded: Vec<String> = RECORDED.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
    let checked = |sql: &String| !READING_MUCH.iter().any(|(fragment, _)| sql.contains(fragment));
    let (numbered, questioned): (Vec<String>, Vec<String>) =
        recorded.into_iter().filter(checked).partition(|sql| sql.contains('$'));
    let faults = match &place.database_url {
        Some(url) => postgres::faults(place, url, &numbered).await,
        None => sqlite::faults(place, &questioned).await,
    };
    assert!(faults.is_empty(), "plans that grow with the world:\n{}", faults.join("\n\n"));
}
