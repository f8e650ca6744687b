//! Mechanisms that every feature may use, and that know none; and the words that features share (`access`, `rules`). A
//! feature's SQL, rules and own words live in the feature.

pub mod cache;
pub mod clock;
pub mod codec;
pub mod config;
pub mod db;
pub mod error;
pub mod mail;
pub mod metrics;
pub mod network;
pub mod observe;
pub mod rate_limit;
pub mod secret;
pub mod signer;
pub mod snapshot;
pub mod tasks;
pub mod token;
pub mod writer;
