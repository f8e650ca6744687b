//! HTTP without a domain: the listener, the envelope around every response, problems, bodies, the API documents.

pub mod body;
pub mod cacheable;
pub mod client;
pub mod conditional;
pub mod config;
pub mod docs;
pub mod empty_answer;
pub mod envelope;
pub mod examples;
pub mod fast_path;
pub mod health;
pub mod metrics;
pub mod metrics_endpoint;
pub mod ndjson;
pub mod no_store;
pub mod page;
pub mod params;
pub mod problem;
pub mod rate_limit;
pub(crate) mod scheme;
pub mod server;
mod timer;
mod write_timeout;
