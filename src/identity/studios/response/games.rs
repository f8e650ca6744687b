//! Responses about games.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::TIME;
use crate::{http::no_store::NoStore, identity::studios::model::Game, platform::clock};

/// The game of the examples.
pub fn example_game() -> String {
    "moss".to_owned()
}

/// A game of a studio.
#[derive(Debug, Object)]
#[oai(example)]
pub struct StudioGameResponse {
    /// Its name in addresses.
    game: String,
    /// Its title.
    title: String,
    /// When it was registered (RFC 3339).
    created_at: String,
}

impl From<Game> for StudioGameResponse {
    fn from(game: Game) -> Self {
        Self { game: game.slug, title: game.name, created_at: clock::format(game.created_at_ms) }
    }
}

impl Example for StudioGameResponse {
    fn example() -> Self {
        Self { game: "climb".to_owned(), title: "The Climb".to_owned(), created_at: TIME.to_owned() }
    }
}

/// The games of a studio: 100 at most, where its members register them.
#[derive(Debug, Object)]
#[oai(example)]
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
