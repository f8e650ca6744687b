//! Discovery: finds titles at a provider (`rawg`) that are not in the catalogue yet, and takes them in.
//!
//! - The catalogue here is the authority: what the provider knows is merged as any record is, and what is unclear waits for an
//!   administrator. Everything works without a provider; then this feature says that it has none.
//! - A job asks, never a request. What was looked for is kept for a week, so that the same words cost one request.
//! - The provider allows so many requests in a month. They are counted in the database.
//! - Pages are made from our own URL. The `next` of an answer holds the key: it is neither followed, nor logged, nor stored.

mod api;
mod config;
mod model;
mod rawg;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::DiscoveryApi,
    config::DiscoveryConfig,
    model::DiscoveryError,
    service::{Discovery, Settings},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{rawg::steps::read_games, request::URI_READERS};
}
