//! Room for traces: what they occupy, and which give way where a world or its studio is full.
//!
//! - A trace is charged with the bytes by which it makes the database grow at most, indexes included, as the triggers charge it.
//! - Where a new trace does not fit, its kind decides: with `evict` the author's oldest of the kind give way, then the oldest of the
//!   kind in the scope; with `reject`, or where too few can give way, the trace is refused and nothing is removed.
//! - A name that a v0 client claims proves nothing, so only traces of the same scope give way to it.
//! - The studio sees what it stores, and is told when it comes near a bound.

mod api;
mod commands;
mod metrics;
mod model;
mod response;
mod service;
mod store;

pub use self::{
    api::StorageApi,
    commands::{MadeRoom, Wanted, make_room},
    metrics::StorageMetrics,
    service::{StorageReport, StorageWatch, WorldStorage},
};
