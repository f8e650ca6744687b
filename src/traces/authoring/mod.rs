//! Authoring traces under `/v1`: players leave traces, change and withdraw their own, and list them.
//!
//! - The author is the player whose token is sent, never a field of the body.
//! - Several traces are left in one request. Each has a result of its own: a fault in one does not affect the others.
//! - `ref` is the client's own name for a trace: when it is sent again, nothing is stored and the answer is the same.
//! - The game's rules limit how many traces of a kind a player has, in a scope and in the world. Beyond that the player's
//!   oldest trace is evicted and named in the answer, or the new one is refused.

mod api;
mod commands;
mod model;
mod quota;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::AuthoringApi,
    model::{AuthoringError, OwnFilter, OwnPage},
    service::Authoring,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::BODY_READERS;
}
