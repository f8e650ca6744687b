//! Request bodies and parameters: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::model::{
    Company, ExternalId, Facts, Filter, Genre, MAX_GENRES, MAX_NAMES, MAX_PLATFORMS, NAME_BYTES, Name, Platform,
    Released, Settlement, TitleCursor, TitleError, TitleId, TitleQuery, WORD_BYTES, YEARS, parse_source,
};
use crate::{
    http::{
        declaration::{Param, Values},
        page::Paged,
        params::{self, QueryParams, QueryReader, UriReader},
        schema::OneOf,
    },
    platform::{
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
};

/// An id of a title in the API description.
pub const EXAMPLE_ID: &str = "4711";

/// Ids of others that a title may have at most.
const MAX_EXTERNAL: usize = 40;

/// The id that somebody else knows a game by.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ExternalGameId", example)]
pub struct ExternalIdField {
    /// Who: 1 to 20 small letters, digits and hyphens, as `steam` or `rawg`.
    #[oai(validator(min_length = 1, max_length = 20))]
    pub source: String,
    /// Their id: 1 to 64 visible ASCII characters.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub id: String,
}

impl Example for ExternalIdField {
    fn example() -> Self {
        Self { source: "steam".to_owned(), id: "2280".to_owned() }
    }
}

/// What is known of a game.
#[derive(Debug, Object)]
#[oai(rename = "GameFacts", example)]
pub struct FactsRequest {
    /// Its name: at most 250 bytes.
    #[oai(validator(min_length = 1, max_length = 250))]
    name: String,
    /// Its other names, as those in other languages and scripts.
    #[oai(validator(max_items = 30))]
    other_names: Option<Vec<String>>,
    /// When it was first released, as far as it is known: `1993`, `1993-12` or `1993-12-10`.
    #[oai(validator(min_length = 4, max_length = 10))]
    released: Option<String>,
    /// Who published it.
    #[oai(validator(max_length = 250))]
    publisher: Option<String>,
    /// Who made it.
    #[oai(validator(max_length = 250))]
    developer: Option<String>,
    /// Its platforms, however they are written: `PlayStation 5` and `ps5` are one.
    #[oai(validator(max_items = 60))]
    platforms: Option<Vec<String>>,
    /// Its genres.
    #[oai(validator(max_items = 20))]
    genres: Option<Vec<String>>,
    /// Ids that others know it by; for administrators. Absent: none in a new game, the same in a changed one.
    #[oai(validator(max_items = 40))]
    external: Option<Vec<ExternalIdField>>,
}

impl Example for FactsRequest {
    fn example() -> Self {
        Self {
            name: "Doom".to_owned(),
            other_names: Some(vec!["毁灭战士".to_owned()]),
            released: Some("1993-12-10".to_owned()),
            publisher: Some("id Software".to_owned()),
            developer: Some("id Software".to_owned()),
            platforms: Some(vec!["pc".to_owned(), "snes".to_owned()]),
            genres: Some(vec!["shooter".to_owned()]),
            external: None,
        }
    }
}

fn texts<T>(fields: &mut Fields, name: &str, most: usize, parse: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
    let texts = fields.optional_texts(name, parse)?.unwrap_or_default();
    if texts.len() > most {
        fields.wrong(name, format!("has {} items; at most {most}", texts.len()));
        return None;
    }
    Some(texts)
}

#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
fn external(fields: &mut Fields) -> Option<Option<Vec<ExternalId>>> {
    if !fields.is_present("external") {
        return Some(None);
    }
    let mut ids = Vec::new();
    let mut faults = Vec::new();
    for mut item in fields.objects("external", MAX_EXTERNAL)? {
        let source = item.text("source", parse_source);
        let id = source.and_then(|source| item.text("id", |id| ExternalId::parse(&source, id)));
        match item.done(id) {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            Ok(_) => {}
            Err(wrong) => faults.extend(wrong),
        }
    }
    fields.wrong_too(faults);
    Some(Some(ids))
}

impl FactsRequest {
    /// Reads a body: what is known, and ids of others if there are any.
    pub fn read(body: &[u8]) -> Result<(Facts, Option<Vec<ExternalId>>), TitleError> {
        let mut fields = Fields::read(body)?;
        let name = fields.text("name", Name::parse);
        let other_names = texts(&mut fields, "other_names", MAX_NAMES, Name::parse);
        let released = fields.optional_text("released", Released::parse);
        let publisher = fields.optional_text("publisher", Company::parse);
        let developer = fields.optional_text("developer", Company::parse);
        let platforms = texts(&mut fields, "platforms", MAX_PLATFORMS, Platform::parse);
        let genres = texts(&mut fields, "genres", MAX_GENRES, Genre::parse);
        let external = external(&mut fields);
        let facts = || {
            let facts = Facts {
                name: name?,
                other_names: other_names?,
                released: released?,
                publisher: publisher?.unwrap_or_default(),
                developer: developer?.unwrap_or_default(),
                platforms: platforms?,
                genres: genres?,
            };
            Some((facts.tidy(), external?))
        };
        let facts = facts();
        fields.done(facts).map_err(TitleError::Invalid)
    }
}

/// The game that takes the place of another.
#[derive(Debug, Object)]
#[oai(rename = "GameMerge", example)]
pub struct MergeRequest {
    /// Its id.
    into: String,
}

impl Example for MergeRequest {
    fn example() -> Self {
        Self { into: EXAMPLE_ID.to_owned() }
    }
}

fn id(text: &str) -> Result<TitleId, String> {
    TitleId::parse(text).map_err(|_| "must be the id of a game".to_owned())
}

impl MergeRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<TitleId, TitleError> {
        let mut fields = Fields::read(body)?;
        let into = fields.text("into", id);
        fields.done(into).map_err(TitleError::Invalid)
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    New,
    PutAside,
}

impl Named for Verdict {
    const SET: &'static str = "Verdict";
    const MEMBERS: &'static [Self] = &[Self::Same, Self::New, Self::PutAside];

    fn public_name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::New => "new",
            Self::PutAside => "put_aside",
        }
    }
}

/// What an administrator decides about a record whose game is unclear.
#[derive(Debug, Object)]
#[oai(rename = "UnclearGameDecision", example)]
pub struct SettleRequest {
    /// `same`: it is the game that `game` names, which learns what the record knows. `new`: it is a game of its own. `put_aside`: it
    /// is none, and is not shown again.
    verdict: OneOf<Verdict>,
    /// The game that it is; with `same`.
    game: Option<String>,
}

impl Example for SettleRequest {
    fn example() -> Self {
        Self { verdict: OneOf(Verdict::Same), game: Some(EXAMPLE_ID.to_owned()) }
    }
}

impl SettleRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Settlement, TitleError> {
        let mut fields = Fields::read(body)?;
        let verdict = fields.text("verdict", |text| {
            Verdict::of_public_name(text).ok_or_else(|| "must be same, new or put_aside".to_owned())
        });
        let game = fields.optional_text("game", id);
        let settlement = match (verdict, game) {
            (Some(Verdict::Same), Some(Some(title))) => Some(Settlement::Same(title)),
            (Some(Verdict::Same), Some(None)) => {
                fields.wrong("game", "is missing: which game the record is");
                None
            }
            (Some(Verdict::New), _) => Some(Settlement::New),
            (Some(Verdict::PutAside), _) => Some(Settlement::PutAside),
            (Some(Verdict::Same), None) | (None, _) => None,
        };
        fields.done(settlement).map_err(TitleError::Invalid)
    }
}

/// Games, in pages.
#[derive(Debug)]
pub struct GameList;

impl Paged for GameList {
    type Cursor = TitleCursor;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "4711";

    fn parse(cursor: &str) -> Result<TitleCursor, String> {
        let wrong = || "must be a page's next".to_owned();
        match cursor.strip_prefix('~') {
            Some(place) => place.parse().map(TitleCursor::Place).map_err(|_| wrong()),
            None => TitleId::parse(cursor).map(TitleCursor::After).map_err(|_| wrong()),
        }
    }
}

/// Records whose game is unclear, in pages.
#[derive(Debug)]
pub struct UnclearList;

impl Paged for UnclearList {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "17";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// The bounds of a year.
fn years() -> Values {
    Values::Integer { min: (*YEARS.start()).into(), max: (*YEARS.end()).into(), default: None }
}

impl QueryParams for TitleQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let text = Param {
            name: "q",
            about: "What somebody has typed: names that have it, begin so, or resemble it, the best first. Absent: all in the order \
                    of names.",
            values: Values::Text { max_bytes: NAME_BYTES },
            example: "dragn quest",
        };
        let platform = Param {
            name: "platform",
            about: "Only games on this platform.",
            values: Values::Text { max_bytes: WORD_BYTES },
            example: "snes",
        };
        let genre = Param {
            name: "genre",
            about: "Only games of this genre.",
            values: Values::Text { max_bytes: WORD_BYTES },
            example: "puzzle",
        };
        let from = Param {
            name: "year_from",
            about: "Only games released in this year or later.",
            values: years(),
            example: "1990",
        };
        let to = Param {
            name: "year_to",
            about: "Only games released in this year or earlier.",
            values: years(),
            example: "1999",
        };
        let state = Param {
            name: "state",
            about: "With `pending` games that await approval, in the order in which they were added: your own, or all for an \
                    administrator. Takes no other filter.",
            values: Values::OneOf(&["approved", "pending"]),
            example: "approved",
        };
        let facets = Param {
            name: "facets",
            about: "With `true` the page has counts of all that was found by platform, genre and year.",
            values: Values::OneOf(&["false", "true"]),
            example: "true",
        };
        let text = reader.optional(&text, |text| {
            if text.len() > NAME_BYTES || text.contains('\0') {
                return Err(format!("must have at most {NAME_BYTES} bytes, and no NUL"));
            }
            Ok(text.to_owned())
        });
        let platform = reader.optional(&platform, Platform::parse);
        let genre = reader.optional(&genre, Genre::parse);
        let year = |year: Option<i64>| year.and_then(|year| i32::try_from(year).ok());
        let (year_from, year_to) = (year(reader.integer(&from)), year(reader.integer(&to)));
        let pending = reader.optional(&state, |text| match text {
            "approved" => Ok(false),
            "pending" => Ok(true),
            _ => Err("must be approved or pending".to_owned()),
        });
        let facets = reader.optional(&facets, |text| text.parse().map_err(|_| "must be true or false".to_owned()));
        Some(Self {
            text: text.unwrap_or_default(),
            filter: Filter { platform, genre, year_from, year_to },
            pending: pending.unwrap_or_default(),
            facets: facets.unwrap_or_default(),
        })
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("FactsRequest", |body| FactsRequest::read(body).is_ok()),
    ("MergeRequest", |body| MergeRequest::read(body).is_ok()),
    ("SettleRequest", |body| SettleRequest::read(body).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("TitleQuery", |uri| params::read::<TitleQuery>(uri).is_ok())];
