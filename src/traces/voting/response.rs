//! Response bodies of voting.

use poem_openapi::{Object, types::Example};

use super::model::{Vote, VoteCount};

/// The votes for and against a trace.
#[derive(Debug, Object)]
#[oai(example, rename = "VoteCount")]
pub struct VoteCountResponse {
    /// The trace.
    trace_id: String,
    /// The player's own vote, `good` or `poor`; absent if they have none.
    #[oai(skip_serializing_if_is_none)]
    vote: Option<String>,
    /// Votes for it, imported ones included.
    good: i32,
    /// Votes against it.
    poor: i32,
}

impl Example for VoteCountResponse {
    fn example() -> Self {
        Self { trace_id: "4211".to_owned(), vote: Some(Vote::Good.name().to_owned()), good: 12, poor: 1 }
    }
}

impl From<VoteCount> for VoteCountResponse {
    fn from(count: VoteCount) -> Self {
        Self {
            trace_id: count.trace.to_string(),
            vote: count.vote.map(|vote| vote.name().to_owned()),
            good: count.good,
            poor: count.poor,
        }
    }
}
