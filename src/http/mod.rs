//! What knows HTTP but no feature: the listener, the envelope around every answer, problems, bodies, documents.

pub mod body;
pub mod cacheable;
pub mod client;
pub mod config;
pub mod docs;
pub mod envelope;
pub mod examples;
pub mod fast_path;
pub mod figures;
pub mod health;
pub mod lines;
pub mod no_store;
pub mod page;
pub mod params;
mod patient;
pub mod problem;
pub mod rate_limit;
pub mod revalidated;
pub(crate) mod scheme;
pub mod server;
mod timer;
