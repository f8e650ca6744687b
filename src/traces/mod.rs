//! Traces: what players leave in a world, and what other players find there.
//!
//! | feature | what it does |
//! |---|---|
//! | [`settings`] | a game's settings for its traces |
//! | [`gate`] | decides who may write what: bans, kinds, words |
//! | [`recordings`] | uploads, stores and returns the frames of phantoms and bloodstains |
//! | [`trace`] | what the features below share: the stored trace, its counters, its form under `/v1` |
//! | [`storage`] | what traces occupy, and which give way where a world or studio is full |
//! | [`v0`] | the two routes of the first clients |
//! | [`upkeep`] | trims scopes, removes expired traces and old rows |
//! | [`moderation`] | reports, the moderators' queue, hidden traces, banned and hidden authors |
//! | [`inbox`] | notifies authors of events of their traces |
//! | [`voting`] | votes for and against traces, and uses of traces |
//! | [`authoring`] | leaves, changes, lists and withdraws a player's traces |
//! | [`decks`] | small selections of a scope's traces, made in advance |
//! | [`feed`] | the changes of a world, by long polling |
//! | [`search`] | queries for traces, page by page |
//! | [`linked`] | a user's traces in the games of a title, by the players that they have linked |
//! | [`maps`] | the scopes of a world, and where in one of them traces lie |
//! | [`erasure`] | exports and erases all that is stored about a player |
//! | [`transfer`] | imports and exports whole worlds |
//!
//! A feature uses the public items of features above it in this table, never of those below.

pub mod authoring;
mod config;
pub mod decks;
pub mod erasure;
mod examples;
pub mod feed;
pub mod gate;
pub mod inbox;
mod kind;
pub mod linked;
pub mod maps;
mod metrics;
pub mod moderation;
pub mod recordings;
pub mod search;
pub mod settings;
pub mod storage;
mod stored_size;
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

/// The most items of one request: traces to leave, votes, uses.
pub const MAX_BATCH: usize = 32;

/// The engine of worlds, which inserts v0 traces in bulk.
pub type TraceWorlds = crate::worlds::Worlds<v0::NewTraces>;
