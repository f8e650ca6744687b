//! Meeting what others have left, under `/v1`.
//!
//! - A scope has a few *decks*: small, light selections, dealt by `sampler`, the same for all who ask for one, and dealt anew
//!   only when something has changed and some seconds have passed, or at once when something was taken away. Which deck a
//!   player sees follows from the player's id.
//! - Dealing reads a bounded number of candidates through indexes, never the scope: the newest, the best, and some from all
//!   the rest.
//! - A question (`query`) reads a scope in an order of the caller's, page by page, each order through an index of its own.
//! - `changes` follows a world: what was left, changed and went, in order, each once.

mod api;
mod config;
mod deck_index;
mod decks;
mod inspect;
mod model;
mod query;
mod querying;
mod sampler;
mod service;
mod store;
mod subscriptions;
mod wire;

pub use self::{
    api::{MeetingApi, QueryApi},
    config::DecksConfig,
    inspect::{Counts, Inspected},
    sampler::Why,
    service::{Meeting, Settings},
    store::InScope,
};
