//! Games and people, in short.

use poem_openapi::{Object, types::Example};

use crate::{catalogue::titles::TitleCard, identity::people::PersonCard, journal::examples};

/// A game, in short.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "JournalGame")]
pub struct GameCardResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    id: String,
    /// Its name.
    name: String,
    /// The year of its first release; absent where it is not known.
    #[oai(skip_serializing_if_is_none)]
    year: Option<i32>,
    /// Its platforms.
    platforms: Vec<String>,
    /// Its genres.
    genres: Vec<String>,
}

impl From<TitleCard> for GameCardResponse {
    fn from(card: TitleCard) -> Self {
        let TitleCard { id, name, year, platforms, genres, .. } = card;
        Self { id: id.0.to_string(), name, year, platforms, genres }
    }
}

impl Example for GameCardResponse {
    fn example() -> Self {
        Self {
            id: examples::game(),
            name: "Outer Wilds".to_owned(),
            year: Some(2019),
            platforms: vec!["pc".to_owned(), "switch".to_owned()],
            genres: vec!["adventure".to_owned()],
        }
    }
}

/// A person, in short.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "PersonCard")]
pub struct PersonCardResponse {
    /// The username.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call them; absent where they have not said.
    #[oai(skip_serializing_if_is_none)]
    display_name: Option<String>,
}

impl From<PersonCard> for PersonCardResponse {
    fn from(PersonCard { username, display_name, .. }: PersonCard) -> Self {
        Self { username, display_name }
    }
}

impl Example for PersonCardResponse {
    fn example() -> Self {
        Self { username: examples::username(), display_name: Some("Ann".to_owned()) }
    }
}
