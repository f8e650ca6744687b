//! Upkeep: background work that keeps worlds within their bounds.
//!
//! The oldest traces of a scope are trimmed when there are more than the game keeps, expired ones are removed, and the change log,
//! inbox items, uses, idempotency keys and client refs are removed after a while. Each step removes at most about
//! [`WorldTx::ROWS`] rows of a world, so that no writer waits long.
//!
//! [`WorldTx::ROWS`]: crate::worlds::WorldTx::ROWS

mod commands;
mod service;
mod store;
mod trim_queue;

pub use self::service::{Settings, start};
