//! Types and rules of voting, and its error.

use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind},
        named::Named,
    },
    traces::{
        moderation::{Interaction, InteractionError, ModerationError},
        trace::TraceCounters,
    },
    worlds::WorldError,
};

/// A player's vote on a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// For it.
    Good,
    /// Against it.
    Poor,
}

impl Vote {
    /// Both votes.
    pub const ALL: [Self; 2] = [Self::Good, Self::Poor];

    /// The name in requests and responses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Poor => "poor",
        }
    }

    /// The vote of that name.
    ///
    /// # Errors
    /// There is none, as the detail of a fault.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::of_public_name(name).ok_or_else(|| "must be good or poor".to_owned())
    }
}

impl Named for Vote {
    const SET: &'static str = "Vote";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

/// A vote in a batch, where a name stands for the withdrawal too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice(pub Option<Vote>);

impl Choice {
    /// The vote of that name.
    ///
    /// # Errors
    /// There is none, as the detail of a fault.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::of_public_name(name).ok_or_else(|| "must be good, poor or none".to_owned())
    }
}

impl Named for Choice {
    const SET: &'static str = "VoteOrNone";
    const MEMBERS: &'static [Self] = &[Self(Some(Vote::Good)), Self(Some(Vote::Poor)), Self(None)];

    fn public_name(self) -> &'static str {
        self.0.map_or("none", Vote::name)
    }
}

/// A player's vote on a trace, or the withdrawal of it.
#[derive(Clone, Debug)]
pub struct Ballot {
    /// The player and the trace.
    pub interaction: Interaction,
    /// The vote; `None`: it is withdrawn.
    pub vote: Option<Vote>,
}

/// An item of a batch.
#[derive(Debug)]
pub struct BatchItem<T> {
    /// The id of the trace, as it was sent; nothing where it is no text.
    pub trace_id: Option<String>,
    /// What was read from the item; or, once it was run, its result.
    pub content: Result<T, VotingError>,
}

/// A stored vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightedVote {
    /// The vote.
    pub vote: Vote,
    /// Its weight, in quarters of a vote.
    pub weight: i32,
}

/// Adds a vote to a trace's counters.
pub fn add_vote(trace: &mut TraceCounters, vote: WeightedVote) {
    count_vote(trace, vote, 1);
}

/// Removes a vote from a trace's counters.
pub fn remove_vote(trace: &mut TraceCounters, vote: WeightedVote) {
    count_vote(trace, vote, -1);
}

fn count_vote(trace: &mut TraceCounters, WeightedVote { vote, weight }: WeightedVote, by: i32) {
    let (votes, total_weight) = match vote {
        Vote::Good => (&mut trace.good, &mut trace.good_weight),
        Vote::Poor => (&mut trace.poor, &mut trace.poor_weight),
    };
    *votes = votes.saturating_add(by);
    *total_weight = total_weight.saturating_add(by.saturating_mul(weight));
}

/// The votes on a trace, and the player's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteCount {
    /// The trace's id.
    pub trace: i64,
    /// The player's own vote.
    pub vote: Option<Vote>,
    /// Votes for the trace, imported ones included.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
}

/// Why a request of voting failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VotingError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not interact with the trace.
    #[error(transparent)]
    Interaction(#[from] InteractionError),
    /// The trace's id or group is invalid.
    #[error(transparent)]
    Moderation(#[from] ModerationError),
    /// The command was not run.
    #[error(transparent)]
    World(#[from] WorldError),
}

impl DomainError for VotingError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Interaction(error) => error.kind(),
            Self::Moderation(error) => error.kind(),
            Self::World(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::World(error) => Some(error),
            Self::Moderation(error) => Some(error),
            _ => None,
        }
    }
}
