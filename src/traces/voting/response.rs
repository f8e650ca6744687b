//! Response bodies of voting.

use poem_openapi::{Object, types::Example};

use super::model::{BatchItem, Vote, VoteCount, VotingError};
use crate::{
    http::{
        problem::{Problem, ProblemFault},
        schema::OneOf,
    },
    platform::error::DomainError,
};

/// The votes for and against a trace.
#[derive(Debug, Object)]
#[oai(example, rename = "VoteCount")]
pub struct VoteCountResponse {
    /// The trace.
    trace_id: String,
    /// The player's own vote; absent if they have none.
    #[oai(skip_serializing_if_is_none)]
    vote: Option<OneOf<Vote>>,
    /// Votes for it, imported ones included.
    good: i32,
    /// Votes against it.
    poor: i32,
}

impl Example for VoteCountResponse {
    fn example() -> Self {
        Self { trace_id: "4211".to_owned(), vote: Some(OneOf(Vote::Good)), good: 12, poor: 1 }
    }
}

impl From<VoteCount> for VoteCountResponse {
    fn from(count: VoteCount) -> Self {
        Self { trace_id: count.trace.to_string(), vote: count.vote.map(OneOf), good: count.good, poor: count.poor }
    }
}

/// The results of votes on several traces.
#[derive(Debug, Object)]
#[oai(example)]
pub struct VoteResults {
    /// In the order in which the votes were sent.
    results: Vec<VoteResult>,
    /// How many were refused.
    failed: u32,
}

/// The result of a vote on one of several traces.
#[derive(Debug, Default, Object)]
pub struct VoteResult {
    /// The trace, as it was sent; absent if that was no text.
    #[oai(skip_serializing_if_is_none)]
    trace_id: Option<String>,
    /// The status that the vote would have alone: 200, or an error's.
    status: u16,
    /// Votes for the trace now, imported ones included; absent if the vote was refused.
    #[oai(skip_serializing_if_is_none)]
    good: Option<i32>,
    /// Votes against it now.
    #[oai(skip_serializing_if_is_none)]
    poor: Option<i32>,
    /// The error code, if the vote was refused.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// The reason in words, if the vote was refused.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// All that is wrong with the item.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<ProblemFault>>,
}

impl From<Vec<BatchItem<VoteCount>>> for VoteResults {
    fn from(items: Vec<BatchItem<VoteCount>>) -> Self {
        let failed = failed(&items);
        let result = |BatchItem { trace_id, content }| match content {
            Ok(VoteCount { good, poor, .. }) => {
                VoteResult { trace_id, status: 200, good: Some(good), poor: Some(poor), ..VoteResult::default() }
            }
            Err(error) => {
                let Refused { status, code, detail, errors } = Refused::from(error);
                let (code, detail) = (Some(code), Some(detail));
                VoteResult { trace_id, status, code, detail, errors, ..VoteResult::default() }
            }
        };
        Self { results: items.into_iter().map(result).collect(), failed }
    }
}

impl Example for VoteResults {
    fn example() -> Self {
        let (trace_id, vote) = (Some("4211".to_owned()), Some(Vote::Good));
        let content = Ok(VoteCount { trace: 4211, vote, good: 12, poor: 1 });
        vec![BatchItem { trace_id, content }].into()
    }
}

/// The results of uses of several traces.
#[derive(Debug, Object)]
#[oai(example)]
pub struct UseResults {
    /// In the order in which the uses were sent.
    results: Vec<UseResult>,
    /// How many were refused.
    failed: u32,
}

/// The result of a use of one of several traces.
#[derive(Debug, Default, Object)]
pub struct UseResult {
    /// The trace, as it was sent; absent if that was no text.
    #[oai(skip_serializing_if_is_none)]
    trace_id: Option<String>,
    /// The status that the use would have alone: 204, or an error's.
    status: u16,
    /// The error code, if the use was refused.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// The reason in words, if the use was refused.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// All that is wrong with the item.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<ProblemFault>>,
}

impl From<Vec<BatchItem<()>>> for UseResults {
    fn from(items: Vec<BatchItem<()>>) -> Self {
        let failed = failed(&items);
        let result = |BatchItem { trace_id, content }| match content {
            Ok(()) => UseResult { trace_id, status: 204, ..UseResult::default() },
            Err(error) => {
                let Refused { status, code, detail, errors } = Refused::from(error);
                UseResult { trace_id, status, code: Some(code), detail: Some(detail), errors }
            }
        };
        Self { results: items.into_iter().map(result).collect(), failed }
    }
}

impl Example for UseResults {
    fn example() -> Self {
        vec![BatchItem { trace_id: Some("4211".to_owned()), content: Ok(()) }].into()
    }
}

fn failed<T>(items: &[BatchItem<T>]) -> u32 {
    let failed = items.iter().filter(|item| item.content.is_err()).count();
    u32::try_from(failed).unwrap_or(u32::MAX)
}

/// An error of one item, as the problem that it would be alone.
struct Refused {
    status: u16,
    code: String,
    detail: String,
    errors: Option<Vec<ProblemFault>>,
}

impl From<VotingError> for Refused {
    fn from(error: VotingError) -> Self {
        let (kind, code) = error.kind();
        let faults = error.faults().iter().cloned().map(ProblemFault::from).collect::<Vec<_>>();
        Self {
            status: Problem::new(kind, code, "").status().as_u16(),
            code: code.to_owned(),
            detail: error.to_string(),
            errors: (!faults.is_empty()).then_some(faults),
        }
    }
}
