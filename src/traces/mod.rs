//! Traces: what players leave in a world, and what others meet of it.
//!
//! | feature | what it does |
//! |---|---|
//! | [`rules`] | what a game decides about its traces |
//! | [`recordings`] | the frames of phantoms and bloodstains |
//! | [`trace`] | a trace itself: what the features around it share |
//! | [`v0`] | the two routes of the first clients |
//! | [`upkeep`] | trims, expires, forgets |
//! | [`moderation`] | reports, a queue, hiding and banning |
//! | [`voting`] | votes, uses, and the author's inbox |
//! | [`authoring`] | players leave, change and withdraw traces |
//! | [`meeting`] | decks, the feed of changes, search |
//! | [`transfer`] | whole worlds in and out |
//!
//! A feature uses the faces of those above it in this table, never of those below.

pub mod authoring;
pub mod meeting;
pub mod moderation;
pub mod recordings;
pub mod rules;
pub mod trace;
pub mod transfer;
pub mod upkeep;
pub mod v0;
pub mod voting;

/// The engine of worlds with traces.
pub type TraceWorlds = crate::worlds::Worlds<v0::NewTraces>;
