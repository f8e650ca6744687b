//! The feed of a world's changes, `GET /v1/changes`: traces that were left, changed or removed, in order, each once.
//!
//! A page is read from the traces and the change log. If there is nothing after the cursor, the request waits for the next
//! change (long poll). The change log is kept for a limited time; an older cursor is refused, and the client starts over.

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;
mod subscriptions;

pub use self::{
    api::FeedApi,
    model::{FeedError, MAX_WAIT_SECS},
    service::Feed,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::URI_READERS;
}
