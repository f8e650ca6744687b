//! Voting: players' votes for and against traces, and how often traces were used.
//!
//! - A player has one vote per trace, for or against it, and can change or withdraw it. Each vote is stored; the trace's counts
//!   and score change in the same transaction, so they always agree with the stored votes.
//! - The weight of a vote depends on the age of the player's account when they vote, and on what others of their network weigh on the
//!   trace already ([`gate`](super::gate)), so that creating players in order to vote gains little.
//! - A use counts once per player, trace and hour.
//! - Players can't vote for or use their own traces, and banned players can't vote or use.
//! - The author is notified through the inbox, and never learns who voted.

mod api;
mod commands;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::VotingApi,
    commands::reset_feedback,
    model::{Vote, VoteCount, VotingError},
    service::Voting,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::BODY_READERS;
}
