//! Decks: small selections of the traces of a scope, under `/v1`; and single traces by their ids.
//!
//! - A scope has a few decks, the same for all readers. Which one a player is shown follows from the player's id.
//! - The decks of a scope are built together: `store` reads a bounded number of candidates through indexes (the newest, the
//!   best, and samples of the rest), `sampler` picks from them, and the service keeps the result in a cache.
//! - Cached decks are rebuilt once traces were left and the game's `refresh_s` has passed, and at once when a trace in the
//!   scope was changed or removed.

mod api;
mod builder;
mod config;
mod deck_index;
mod deck_set;
mod inspect;
mod model;
mod refresh;
mod request;
mod response;
mod sampler;
mod selection;
mod service;
mod store;

pub use self::{
    api::DecksApi,
    config::DecksConfig,
    inspect::{Counts, Inspection},
    model::{DeckError, KindCounts, MAX_SCOPES, Versions},
    sampler::PickReason,
    service::{Decks, Settings},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::URI_READERS;
}
