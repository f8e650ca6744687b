//! Lists of people.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        examples::{self, TIME_MS},
        people::model::{Band, Found, ListedPerson},
    },
    platform::page::Page,
};

/// The answer with a list of follows or blocks.
#[derive(ApiResponse)]
pub enum PeopleListed {
    /// A page of the list.
    #[oai(status = 200)]
    People(NoStore<PeopleList>),
}

/// The answer with the people who were found.
#[derive(ApiResponse)]
pub enum FoundListed {
    /// A page of them: near ones first, then those with many games in common.
    #[oai(status = 200)]
    Found(NoStore<FoundList>),
}

/// A person in a list.
#[derive(Debug, Object)]
#[oai(example, rename = "ListedPerson")]
pub struct ListedPersonResponse {
    /// The name by which others address the person.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call the person.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// Since when the person is in the list.
    since: Timestamp,
    /// Whether the two follow each other.
    friends: bool,
}

impl Example for ListedPersonResponse {
    fn example() -> Self {
        let (username, display_name) = (examples::username(), Some(examples::display_name()));
        Self { username, display_name, since: Timestamp(TIME_MS), friends: true }
    }
}

impl From<ListedPerson> for ListedPersonResponse {
    fn from(person: ListedPerson) -> Self {
        let (username, display_name) = (person.card.username, person.card.display_name);
        Self { username, display_name, since: Timestamp(person.since_ms), friends: person.friends }
    }
}

/// A page of a list of people.
#[derive(Debug, Object)]
#[oai(example, rename = "PeoplePage")]
pub struct PeopleList {
    /// The people.
    #[oai(validator(max_items = 100))]
    items: Vec<ListedPersonResponse>,
    /// Where the next page begins.
    next: String,
    /// Whether others follow.
    more: bool,
}

impl Example for PeopleList {
    fn example() -> Self {
        Self { items: vec![ListedPersonResponse::example()], next: "1795248000000.ann".to_owned(), more: false }
    }
}

impl PeopleList {
    /// A page, whose items have these cursors; `after` is where it began.
    pub fn new(page: Page<ListedPerson>, after: String, cursor: impl Fn(&ListedPerson) -> String) -> Self {
        let next = page.items.last().map_or(after, cursor);
        Self { items: page.items.into_iter().map(ListedPersonResponse::from).collect(), next, more: page.more }
    }
}

/// A person who was found.
#[derive(Debug, Object)]
#[oai(example, rename = "FoundPerson")]
pub struct FoundResponse {
    /// The name by which others address the person.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call the person.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// How far away the person is; absent where the search was not by place.
    #[oai(skip_serializing_if_is_none)]
    band: Option<OneOf<Band>>,
    /// How many games both of you have, as far as you see them.
    shared_games: u32,
}

impl Example for FoundResponse {
    fn example() -> Self {
        let (username, display_name) = (examples::username(), Some(examples::display_name()));
        Self { username, display_name, band: Some(OneOf(Band::Under50Km)), shared_games: 12 }
    }
}

impl From<Found> for FoundResponse {
    fn from(found: Found) -> Self {
        Self {
            username: found.card.username,
            display_name: found.card.display_name,
            band: found.band.map(OneOf),
            shared_games: u32::try_from(found.shared_games).unwrap_or_default(),
        }
    }
}

/// A page of the people who were found.
#[derive(Debug, Object)]
#[oai(example, rename = "FoundPage")]
pub struct FoundList {
    /// The people.
    #[oai(validator(max_items = 50))]
    items: Vec<FoundResponse>,
    /// Where the next page begins.
    next: String,
    /// Whether others follow. A search goes on for 500 people at most: who looks among more has to say more.
    more: bool,
}

impl Example for FoundList {
    fn example() -> Self {
        Self { items: vec![FoundResponse::example()], next: "3.12.ann-of-moss".to_owned(), more: false }
    }
}

impl FoundList {
    /// A page; `after` is where it began.
    pub fn new(page: Page<Found>, after: String) -> Self {
        let next = page.items.last().map_or(after, |found| found.cursor().to_string());
        Self { items: page.items.into_iter().map(FoundResponse::from).collect(), next, more: page.more }
    }
}
