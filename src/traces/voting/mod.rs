//! Voting: what players think of traces, and how often traces were of use.
//!
//! - One vote a player and trace, for it or against it; it can be changed and taken back, and is kept in a ledger. The counts
//!   and the score of a trace change in the same act, by the difference: they are always what the ledger says.
//! - What a vote weighs depends on how old the player was when it was cast (`model::weight`): whoever mints players to vote
//!   with them gains little.
//! - A use counts once a player, trace and hour.
//! - Nobody votes for his own trace or uses it, nor does a player who is banned.
//! - Authors are told in an inbox, also while they are away, folded by trace and kind of news, and never by whom.

mod api;
mod model;
mod service;
mod store;
mod wire;

pub use self::{
    api::VotingApi,
    model::{Count, News, Vote, VotingError},
    service::Voting,
    store::set_back,
};
