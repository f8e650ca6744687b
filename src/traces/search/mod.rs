//! Searches for traces, `POST /v1/traces/query`: the newest, the best, the nearest, ghosts beside a rank, or a player's own.
//!
//! Each mode reads a bounded number of traces in one order through one index, never the whole scope. A page may therefore
//! hold fewer traces than its limit while there are more: those in between were read, and are not visible.

mod api;
mod cursor;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{api::SearchApi, model::SearchError, service::Search};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{cursor::Cursor, request::BODY_READERS};
}
