//! What answers about titles contain.

mod sources;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::sources::SourceResponse;
use super::{
    model::{Count, Facets, Facts, Name, Title, TitleCard, TitleCursor, TitleError, TitlePage, UnclearRecord},
    request::{EXAMPLE_ID, ExternalIdField},
};
use crate::{
    http::{conditional::ConditionalContent, no_store::NoStore, problem::Problem, revised, schema::Timestamp},
    identity::{
        examples::{self, TIME_MS},
        studios::NamedGame,
    },
    platform::page::Page,
};

/// A game in a list.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FoundGame", example)]
pub struct GameCardResponse {
    /// Its id.
    id: String,
    /// Its name.
    #[oai(validator(min_length = 1, max_length = 250))]
    name: String,
    /// The year of its first release, if it is known.
    #[oai(skip_serializing_if_is_none)]
    year: Option<i32>,
    /// Its platforms.
    platforms: Vec<String>,
    /// Its genres.
    genres: Vec<String>,
    /// Whether it awaits approval.
    pending: bool,
}

impl From<TitleCard> for GameCardResponse {
    fn from(card: TitleCard) -> Self {
        let TitleCard { id, name, year, platforms, genres, is_pending, .. } = card;
        Self { id: id.to_string(), name, year, platforms, genres, pending: is_pending }
    }
}

impl Example for GameCardResponse {
    fn example() -> Self {
        Self {
            id: EXAMPLE_ID.to_owned(),
            name: "Doom".to_owned(),
            year: Some(1993),
            platforms: vec!["pc".to_owned(), "snes".to_owned()],
            genres: vec!["shooter".to_owned()],
            pending: false,
        }
    }
}

/// A game of a studio here that is a game of the catalogue.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LinkedGame", example)]
pub struct LinkedGameResponse {
    /// The studio's name in addresses.
    studio: String,
    /// The game's name in addresses.
    game: String,
    /// What people call the game.
    display_name: String,
}

impl From<NamedGame> for LinkedGameResponse {
    fn from(NamedGame { studio_slug, game }: NamedGame) -> Self {
        Self { studio: studio_slug, game: game.slug, display_name: game.name }
    }
}

impl Example for LinkedGameResponse {
    fn example() -> Self {
        Self { studio: examples::studio(), game: examples::game(), display_name: "The Climb".to_owned() }
    }
}

/// A game, with all that is known of it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "CatalogueGame", example)]
pub struct GameResponse {
    /// Its id: of a game that was merged into another, that of the other.
    id: String,
    /// Its name.
    #[oai(validator(min_length = 1, max_length = 250))]
    name: String,
    /// Its other names.
    other_names: Vec<String>,
    /// When it was first released, as far as it is known: a year, a month or a day.
    #[oai(skip_serializing_if_is_none)]
    released: Option<String>,
    /// Who published it.
    #[oai(skip_serializing_if_is_none)]
    publisher: Option<String>,
    /// Who made it.
    #[oai(skip_serializing_if_is_none)]
    developer: Option<String>,
    /// Its platforms.
    platforms: Vec<String>,
    /// Its genres.
    genres: Vec<String>,
    /// Ids that others know it by.
    external: Vec<ExternalIdField>,
    /// Whose data this is, where that asks for a link: a page that shows the game links there.
    sources: Vec<SourceResponse>,
    /// Games of studios here that are this game.
    studio_games: Vec<LinkedGameResponse>,
    /// Whether it awaits approval: only its author and administrators see it.
    pending: bool,
    /// When it was added.
    created_at: Timestamp,
    /// When it was last changed.
    changed_at: Timestamp,
}

impl GameResponse {
    /// A title, with the studios' games that are it.
    pub fn new(title: Title, games: Vec<NamedGame>) -> Self {
        let Facts { name, other_names, released, publisher, developer, platforms, genres } = title.facts;
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            id: title.id.to_string(),
            name: name.as_str().to_owned(),
            other_names: other_names.iter().map(|name: &Name| name.as_str().to_owned()).collect(),
            released: released.map(|date| date.to_string()),
            publisher: text(publisher.as_str()),
            developer: text(developer.as_str()),
            platforms: platforms.iter().map(ToString::to_string).collect(),
            genres: genres.iter().map(ToString::to_string).collect(),
            external: title.external.iter().map(external).collect(),
            sources: sources::linked(&title.external),
            studio_games: games.into_iter().map(LinkedGameResponse::from).collect(),
            pending: title.pending_of.is_some(),
            created_at: Timestamp(title.created_at_ms),
            changed_at: Timestamp(title.changed_at_ms),
        }
    }
}

fn external(id: &super::model::ExternalId) -> ExternalIdField {
    ExternalIdField { source: id.source().to_owned(), id: id.external().to_owned() }
}

impl Example for GameResponse {
    fn example() -> Self {
        Self {
            id: EXAMPLE_ID.to_owned(),
            name: "Doom".to_owned(),
            other_names: vec!["毁灭战士".to_owned()],
            released: Some("1993-12-10".to_owned()),
            publisher: Some("id Software".to_owned()),
            developer: None,
            platforms: vec!["pc".to_owned(), "snes".to_owned()],
            genres: vec!["shooter".to_owned()],
            external: vec![ExternalIdField::example()],
            sources: vec![],
            studio_games: vec![],
            pending: false,
            created_at: Timestamp(TIME_MS),
            changed_at: Timestamp(TIME_MS),
        }
    }
}

impl ConditionalContent for GameResponse {
    const OK: &'static str = "The game.";
    const NOT_MODIFIED: &'static str = "The game is the same as in the answer that had this ETag.";
}

/// The problem of an error; that of a stale change has the game as it is now.
pub fn problem(error: TitleError) -> Problem {
    match error {
        TitleError::Stale(title) => revised::stale(&GameResponse::new(*title, Vec::new())),
        error => error.into(),
    }
}

/// How many games there are of something.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GameCount", example)]
pub struct CountResponse {
    /// The platform, genre or year.
    value: String,
    /// How many games.
    count: i64,
}

impl From<&Count> for CountResponse {
    fn from(Count { value, count }: &Count) -> Self {
        Self { value: value.clone(), count: *count }
    }
}

impl Example for CountResponse {
    fn example() -> Self {
        Self { value: "snes".to_owned(), count: 12 }
    }
}

/// How many of the games that were found there are of each platform, genre and year, the most first; at most 100 of each. Without
/// `q` they may be a minute old; with it they count what the search found, at most some hundreds.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GameFacets", example)]
pub struct FacetsResponse {
    /// By platform.
    platforms: Vec<CountResponse>,
    /// By genre.
    genres: Vec<CountResponse>,
    /// By year.
    years: Vec<CountResponse>,
}

impl From<&Facets> for FacetsResponse {
    fn from(Facets { platforms, genres, years }: &Facets) -> Self {
        let counts = |counts: &[Count]| counts.iter().take(100).map(CountResponse::from).collect();
        Self { platforms: counts(platforms), genres: counts(genres), years: counts(years) }
    }
}

impl Example for FacetsResponse {
    fn example() -> Self {
        Self { platforms: vec![CountResponse::example()], genres: vec![], years: vec![] }
    }
}

/// A page of games.
#[derive(Debug, Object)]
#[oai(rename = "GamePage", example)]
pub struct GamePageResponse {
    /// The games.
    items: Vec<GameCardResponse>,
    /// The `after` of the next page; empty where there are no games at all.
    next: String,
    /// Whether there is a next page.
    more: bool,
    /// Counts of all that was found, where they were asked for.
    #[oai(skip_serializing_if_is_none)]
    facets: Option<FacetsResponse>,
}

impl From<TitlePage> for GamePageResponse {
    fn from(TitlePage { page, next, facets }: TitlePage) -> Self {
        let next = match next {
            Some(TitleCursor::After(title)) => title.to_string(),
            Some(TitleCursor::Place(place)) => format!("~{place}"),
            None => String::new(),
        };
        Self {
            items: page.items.into_iter().map(GameCardResponse::from).collect(),
            next,
            more: page.more,
            facets: facets.as_deref().map(FacetsResponse::from),
        }
    }
}

impl Example for GamePageResponse {
    fn example() -> Self {
        Self { items: vec![GameCardResponse::example()], next: "~20".to_owned(), more: true, facets: None }
    }
}

/// A record whose game is unclear.
#[derive(Debug, Object)]
#[oai(rename = "UnclearGame", example)]
pub struct UnclearResponse {
    /// Its id.
    id: String,
    /// When it came.
    at: Timestamp,
    /// The name that it has for the game.
    name: String,
    /// Its other names for the game.
    other_names: Vec<String>,
    /// When the game was first released, as far as it knows.
    #[oai(skip_serializing_if_is_none)]
    released: Option<String>,
    /// The platforms that it knows.
    platforms: Vec<String>,
    /// Its ids for the game, the source's own first.
    external: Vec<ExternalIdField>,
    /// The games that it may be.
    candidates: Vec<GameCardResponse>,
}

impl UnclearResponse {
    /// A record with cards of the titles that it may be.
    pub fn new(unclear: UnclearRecord, candidates: Vec<TitleCard>) -> Self {
        let UnclearRecord { id, at_ms, record, .. } = unclear;
        Self {
            id: id.to_string(),
            at: Timestamp(at_ms),
            name: record.facts.name.as_str().to_owned(),
            other_names: record.facts.other_names.iter().map(|name| name.as_str().to_owned()).collect(),
            released: record.facts.released.map(|date| date.to_string()),
            platforms: record.facts.platforms.iter().map(ToString::to_string).collect(),
            external: record.external.iter().map(external).collect(),
            candidates: candidates.into_iter().map(GameCardResponse::from).collect(),
        }
    }
}

impl Example for UnclearResponse {
    fn example() -> Self {
        Self {
            id: "17".to_owned(),
            at: Timestamp(TIME_MS),
            name: "Doom".to_owned(),
            other_names: vec![],
            released: None,
            platforms: vec!["pc".to_owned()],
            external: vec![ExternalIdField::example()],
            candidates: vec![GameCardResponse::example()],
        }
    }
}

/// A page of the records whose game is unclear.
#[derive(Debug, Object)]
#[oai(rename = "UnclearGamePage", example)]
pub struct UnclearPageResponse {
    /// The oldest first.
    items: Vec<UnclearResponse>,
    /// The `after` of the next page; empty where there are no records at all.
    next: String,
    /// Whether there is a next page.
    more: bool,
}

impl UnclearPageResponse {
    /// The page after `after`.
    pub fn new(after: i64, page: Page<(UnclearRecord, Vec<TitleCard>)>) -> Self {
        let next = page.items.last().map_or(after, |(record, _)| record.id);
        let items = page.items.into_iter().map(|(record, cards)| UnclearResponse::new(record, cards)).collect();
        Self { items, next: if next == 0 { String::new() } else { next.to_string() }, more: page.more }
    }
}

impl Example for UnclearPageResponse {
    fn example() -> Self {
        Self { items: vec![UnclearResponse::example()], next: "17".to_owned(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum GamesFound {
    /// The games.
    #[oai(status = 200)]
    Ok(NoStore<GamePageResponse>),
}

#[derive(ApiResponse)]
pub enum GameDecided {
    /// The game as it is now.
    #[oai(status = 200)]
    Ok(NoStore<GameResponse>),
}

#[derive(ApiResponse)]
pub enum UnclearListed {
    /// The records.
    #[oai(status = 200)]
    Ok(NoStore<UnclearPageResponse>),
}

#[expect(clippy::large_enum_variant, reason = "it is made once for an answer")]
#[derive(ApiResponse)]
pub enum RecordSettled {
    /// The game that the record is.
    #[oai(status = 200)]
    Game(NoStore<GameResponse>),
    /// The record was put aside.
    #[oai(status = 204)]
    PutAside,
}
