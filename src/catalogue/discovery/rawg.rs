//! RAWG, a database of games.
//!
//! Its answers hold the key that they were asked with (`next`, `previous`), `null` where it does not know a list, and lists or objects
//! in the same member: of a game only what is read here is looked at.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::{
    catalogue::titles::{Company, ExternalId, Facts, Genre, Name, Platform, Record, Released},
    platform::{
        outbound::{Answer, Host, OutboundError},
        secret::Secret,
    },
};

/// The source of its ids.
pub const SOURCE: &str = "rawg";

/// Where a page that shows its data leads: its terms ask for that.
pub const LINK: &str = "https://rawg.io";

/// Games that are asked for at once.
const PAGE_SIZE: usize = 20;

/// What is encoded in a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There was none.
    #[error(transparent)]
    Host(#[from] OutboundError),
    /// It refuses the key.
    #[error("it refuses the key ({0})")]
    Key(u16),
    /// It is not what was asked for.
    #[error("its answer {0}")]
    Answer(&'static str),
}

/// Asks for games that have these words.
///
/// # Errors
/// [`Failure`], without the key.
pub async fn search(host: &Host, key: &Secret, text: &str) -> Result<Vec<Record>, Failure> {
    let (key, text) = (utf8_percent_encode(key.expose(), ENCODED), utf8_percent_encode(text, ENCODED));
    let Answer { status, body } =
        host.get(&format!("/games?key={key}&search={text}&page=1&page_size={PAGE_SIZE}")).await?;
    match status {
        200 => read(&body).map_err(Failure::Answer),
        401 | 403 => Err(Failure::Key(status)),
        _ => Err(Failure::Answer("has another status than 200")),
    }
}

fn read(body: &[u8]) -> Result<Vec<Record>, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "is no JSON")?;
    let games = answer.get("results").and_then(Value::as_array).ok_or("has no list of games")?;
    Ok(games.iter().take(PAGE_SIZE).filter_map(record).collect())
}

/// What it says about a game; nothing where that has no id or no name.
fn record(game: &Value) -> Option<Record> {
    let id = game.get("id")?.as_u64()?.to_string();
    let name = Name::parse(game.get("name")?.as_str()?).ok()?;
    let is_announced = game.get("tba").and_then(Value::as_bool) == Some(true);
    let released = game.get("released").and_then(Value::as_str).filter(|_| !is_announced);
    let list = |name: &str| game.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let named = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    let platforms = list("platforms").iter().filter_map(|one| named(one.get("platform")?));
    let genres = list("genres").iter().filter_map(named);
    let facts = Facts {
        name,
        other_names: Vec::new(),
        released: released.and_then(|date| Released::parse(date).ok()),
        publisher: Company::default(),
        developer: Company::default(),
        platforms: platforms.filter_map(|name| Platform::parse(&name).ok()).take(MAX_WORDS).collect(),
        genres: genres.filter_map(|name| Genre::parse(&name).ok()).take(MAX_WORDS).collect(),
    };
    Some(Record { external: vec![ExternalId::parse(SOURCE, &id).ok()?], facts: facts.tidy() })
}

/// Platforms, and genres, that are read.
const MAX_WORDS: usize = 20;

/// Single steps, for fuzzing.
pub mod steps {
    /// Reads an answer; how many games it has.
    #[must_use]
    pub fn read_games(body: &[u8]) -> usize {
        super::read(body).map_or(0, |games| games.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn games_are_read_whatever_else_is_in_them() {
        let body = r#"{"count":2,"next":"https://x/?key=k&page=2","previous":null,"results":[
            {"id":7,"slug":"moss","name":"Moss Hill","released":"2019-02-03","tba":false,"ratings":{"a":1},"added_by_status":null,
             "platforms":[{"platform":{"id":4,"name":"PC","slug":"pc"}},{"platform":null}],"genres":[{"name":"Puzzle"}]},
            {"id":8,"name":"Later","released":"2099-01-01","tba":true,"ratings":[],"platforms":null,"genres":null},
            {"id":null,"name":"No id"},{"id":9,"name":null},null]}"#;
        let records = read(body.as_bytes()).unwrap();
        let shown: Vec<(&str, Option<&str>, usize)> = records
            .iter()
            .map(|record| {
                let facts = &record.facts;
                (facts.name.as_str(), facts.released.as_ref().map(Released::as_str), facts.platforms.len())
            })
            .collect();
        assert_eq!(shown, [("Moss Hill", Some("2019-02-03"), 1), ("Later", None, 0)]);
        assert_eq!(records[0].external, [ExternalId::parse("rawg", "7").unwrap()]);
        for body in ["", "[]", "{}", r#"{"results":null}"#, r#"{"results":{"1":{}}}"#, r#"{"results":[{"id":1"#] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
