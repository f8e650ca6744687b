//! Types and pure rules of voting, and the feature's error.

use std::{sync::Arc, time::Duration};

use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::{
        moderation::{ModerationError, Refused},
        trace::{InboxEvent, TraceCounters, TraceError},
    },
    worlds::WorldError,
};

/// What a player thinks of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// It is worth meeting.
    Good,
    /// It is not.
    Poor,
}

impl Vote {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Good, Self::Poor];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Poor => "poor",
        }
    }

    /// As it was written.
    ///
    /// # Errors
    /// In words: it is neither.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|vote| vote.name() == name).ok_or_else(|| "must be good or poor".to_owned())
    }
}

/// What a vote of a grown player weighs, in quarters: a whole vote.
const WHOLE: i32 = 4;

/// What the vote of a player weighs who is so old, in quarters of a vote: a quarter in the first hour, half a vote on the
/// first day, then a whole one.
#[must_use]
pub fn weight(age: Duration) -> i32 {
    if age < Duration::from_hours(1) {
        1
    } else if age < Duration::from_hours(24) {
        2
    } else {
        WHOLE
    }
}

/// A vote in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cast {
    /// For the trace, or against it.
    pub vote: Vote,
    /// In quarters of a vote.
    pub weight: i32,
}

/// Counts a vote of a trace, or counts it no more: `by` is 1 or -1.
pub fn count(trace: &mut TraceCounters, cast: Cast, by: i32) {
    let (votes, weight) = match cast.vote {
        Vote::Good => (&mut trace.good, &mut trace.good_weight),
        Vote::Poor => (&mut trace.poor, &mut trace.poor_weight),
    };
    *votes = votes.saturating_add(by);
    *weight = weight.saturating_add(by.saturating_mul(cast.weight));
}

/// What a player thinks of a trace, and what all think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The trace.
    pub trace: i64,
    /// His vote, where he has one.
    pub vote: Option<Vote>,
    /// Votes for it, those that it came with among them,
    pub good: i32,
    /// and against it.
    pub poor: i32,
}

/// What an author is told of a trace.
#[derive(Clone, Copy, Debug)]
pub struct News {
    /// Higher ones are later; something that happens again has a new one.
    pub id: i64,
    /// What happened.
    pub what: InboxEvent,
    /// The trace.
    pub trace: i64,
    /// Votes for it then,
    pub good: i32,
    /// and against it.
    pub poor: i32,
    /// How often it had been of use then.
    pub uses: i32,
    /// How often it happened.
    pub count: i32,
    /// When it happened last.
    pub at_ms: i64,
}

/// Why somebody could not vote, or be told.
#[derive(Debug, thiserror::Error)]
pub enum VotingError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Something that was sent is wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The trace or the group is not rightly named.
    #[error(transparent)]
    Moderation(#[from] ModerationError),
    /// The world.
    #[error(transparent)]
    Traces(#[from] TraceError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for VotingError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<WorldError> for VotingError {
    fn from(error: WorldError) -> Self {
        Self::Traces(error.into())
    }
}

impl DomainError for VotingError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Refused(refused) => refused.kind(),
            Self::Moderation(error) => error.kind(),
            Self::Traces(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Moderation(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vote_weighs_more_when_the_player_is_older() {
        let ages = [0, 59 * 60, 60 * 60, 23 * 60 * 60, 24 * 60 * 60, 1_000_000_000];
        assert_eq!(ages.map(|secs| weight(Duration::from_secs(secs))), [1, 1, 2, 2, 4, 4]);
    }
}
