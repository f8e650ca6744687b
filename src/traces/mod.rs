//! Traces: what players leave in a world, and what others meet of it.
//!
//! | feature | what it does |
//! |---|---|
//! | [`settings`] | what a game decides about its traces |
//! | [`recordings`] | the frames of phantoms and bloodstains |
//! | [`trace`] | a trace itself: what the features around it share |
//! | [`v0`] | the two routes of the first clients |
//! | [`upkeep`] | trims, expires, forgets |
//! | [`moderation`] | reports, a queue, hiding and banning |
//! | [`inbox`] | what has happened to an author's traces |
//! | [`voting`] | votes and uses |
//! | [`authoring`] | players leave, change and withdraw traces |
//! | [`decks`] | light selections of a scope |
//! | [`feed`] | what happens in a world, as a long poll |
//! | [`search`] | questions, page by page |
//! | [`transfer`] | whole worlds in and out |
//!
//! A feature uses the faces of those above it in this table, never of those below.

pub mod authoring;
mod config;
pub mod decks;
pub mod examples;
pub mod feed;
pub mod inbox;
mod kind;
mod metrics;
pub mod moderation;
pub mod recordings;
pub mod search;
pub mod settings;
mod tables;
mod tags;
pub mod trace;
pub mod transfer;
pub mod upkeep;
pub mod v0;
pub mod voting;

pub use self::{
    config::{OpenWorld, TracesConfig},
    kind::TraceKind,
    metrics::TraceMetrics,
    tables::tenant_tables,
};

/// The engine of worlds with traces.
pub type TraceWorlds = crate::worlds::Worlds<v0::NewTraces>;
