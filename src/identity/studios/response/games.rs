//! Responses about games.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        examples::{self, TIME_MS},
        studios::model::Game,
    },
};

/// A game of a studio.
#[derive(Debug, Object)]
#[oai(example, rename = "StudioGame")]
pub struct StudioGameResponse {
    /// Its name in addresses.
    #[oai(validator(min_length = 1, max_length = 40))]
    game: String,
    /// What people call it.
    #[oai(validator(max_length = 100))]
    display_name: String,
    /// When it was registered.
    created_at: Timestamp,
}

impl From<Game> for StudioGameResponse {
    fn from(game: Game) -> Self {
        Self { game: game.slug, display_name: game.name, created_at: Timestamp(game.created_at_ms) }
    }
}

impl Example for StudioGameResponse {
    fn example() -> Self {
        Self { game: examples::game(), display_name: "The Climb".to_owned(), created_at: Timestamp(TIME_MS) }
    }
}

/// The games of a studio: 100 at most, where its members register them.
#[derive(Debug, Object)]
#[oai(example, rename = "GameList")]
pub struct GamesResponse {
    /// By name.
    items: Vec<StudioGameResponse>,
}

impl FromIterator<Game> for GamesResponse {
    fn from_iter<I: IntoIterator<Item = Game>>(games: I) -> Self {
        Self { items: games.into_iter().map(StudioGameResponse::from).collect() }
    }
}

impl Example for GamesResponse {
    fn example() -> Self {
        Self { items: vec![StudioGameResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum GamesListed {
    /// The games.
    #[oai(status = 200)]
    Ok(NoStore<GamesResponse>),
}

#[derive(ApiResponse)]
pub enum GameRegistered {
    /// The game, with a world for each environment.
    #[oai(status = 201)]
    Created(NoStore<StudioGameResponse>),
}
