//! What answers about discovered games contain.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{
    model::{Discovered, SearchState},
    rawg,
};
use crate::{
    catalogue::titles::{GameCardResponse, SourceResponse},
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::examples::TIME_MS,
};

/// What a search at the provider has found.
#[derive(Debug, Object)]
#[oai(rename = "DiscoveredGames", example)]
pub struct DiscoveredResponse {
    /// How far the search has come. After `searching`, ask again in a few seconds.
    state: OneOf<SearchState>,
    /// When the provider has answered.
    #[oai(skip_serializing_if_is_none)]
    done_at: Option<Timestamp>,
    /// The games, which are in the catalogue now.
    #[oai(validator(max_items = 20))]
    items: Vec<GameCardResponse>,
    /// How many may be games that are here or others: an administrator decides.
    unclear: i32,
    /// Whose data this is: a page that shows it links there.
    sources: Vec<SourceResponse>,
}

impl From<Discovered> for DiscoveredResponse {
    fn from(found: Discovered) -> Self {
        let Discovered { state, cards, unclear, done_ms } = found;
        Self {
            state: OneOf(state),
            done_at: (done_ms > 0).then_some(Timestamp(done_ms)),
            items: cards.into_iter().map(GameCardResponse::from).collect(),
            unclear,
            sources: vec![SourceResponse::new("RAWG", rawg::LINK)],
        }
    }
}

impl Example for DiscoveredResponse {
    fn example() -> Self {
        Self {
            state: OneOf(SearchState::Done),
            done_at: Some(Timestamp(TIME_MS)),
            items: vec![GameCardResponse::example()],
            unclear: 0,
            sources: vec![SourceResponse::new("RAWG", rawg::LINK)],
        }
    }
}

#[derive(ApiResponse)]
pub enum GamesDiscovered {
    /// What is known of the search.
    #[oai(status = 200)]
    Ok(NoStore<DiscoveredResponse>),
}
