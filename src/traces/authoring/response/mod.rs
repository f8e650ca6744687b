//! The answers to authors.

mod change;
mod own;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    change::{ChangeResponse, changed},
    own::{OwnTracePage, OwnTracesResponse},
};
use super::model::{GoneTrace, ItemResult, LeaveOutcome, SyncReport, TraceState, TraceStatus};
use crate::{
    http::{no_store::NoStore, problem::ProblemFault, schema::OneOf},
    worlds::ChangeReason,
};

/// The results of a request to leave traces.
#[derive(Debug, Object)]
#[oai(example)]
pub struct Results {
    /// In the order in which they were sent.
    results: Vec<ItemResultResponse>,
    /// How many were not left.
    failed: u32,
}

impl From<Vec<ItemResult>> for Results {
    fn from(results: Vec<ItemResult>) -> Self {
        let results: Vec<ItemResultResponse> = results.into_iter().map(ItemResultResponse::from).collect();
        let failed = results.iter().filter(|result| result.status >= 400).count();
        Self { results, failed: u32::try_from(failed).unwrap_or(u32::MAX) }
    }
}

impl Example for Results {
    fn example() -> Self {
        let outcome = LeaveOutcome::Left { id: 4211, evicted: vec![3907] };
        vec![ItemResult { reference: Some("8f14e45f".to_owned()), outcome }].into()
    }
}

/// The result of one trace.
#[derive(Debug, Default, Object)]
#[oai(rename = "ItemResult")]
pub struct ItemResultResponse {
    /// The client's `ref`.
    #[oai(skip_serializing_if_is_none)]
    r#ref: Option<String>,
    /// 201: it was stored; 200: it was stored before under the same `ref`; else the status that it would have alone.
    status: u16,
    /// The trace's id.
    #[oai(skip_serializing_if_is_none)]
    id: Option<String>,
    /// What has become of a trace that was stored before; absent while others see it.
    #[oai(skip_serializing_if_is_none)]
    state: Option<OneOf<TraceState>>,
    /// The error code, if it was not left.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// The reason in words, if it was not left.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// Where the first fault is: a JSON pointer into the body.
    #[oai(skip_serializing_if_is_none)]
    pointer: Option<String>,
    /// All that is wrong in the trace.
    #[oai(skip_serializing_if_is_none, validator(min_items = 1))]
    errors: Option<Vec<ProblemFault>>,
    /// The ids of the player's own traces that were evicted to make room.
    #[oai(skip_serializing_if_is_none, validator(min_items = 1))]
    evicted: Option<Vec<String>>,
}

impl From<ItemResult> for ItemResultResponse {
    fn from(ItemResult { reference, outcome }: ItemResult) -> Self {
        let result = |status| Self { r#ref: reference, status, ..Self::default() };
        match outcome {
            LeaveOutcome::Left { id, evicted } => Self {
                id: Some(id.to_string()),
                evicted: some(evicted.into_iter().map(|id| id.to_string()).collect()),
                ..result(201)
            },
            LeaveOutcome::AlreadyLeft { id, state } => {
                let state = Some(state).filter(|state| *state != TraceState::Live).map(OneOf);
                Self { id: Some(id.to_string()), state, ..result(200) }
            }
            LeaveOutcome::Refused(refusal) => {
                let (code, detail) = (Some(refusal.code().to_owned()), Some(refusal.to_string()));
                let faults = refusal.faults();
                let pointer = faults.first().map(|fault| fault.pointer.clone());
                let errors = some(faults.iter().cloned().map(ProblemFault::from).collect());
                Self { code, detail, pointer, errors, ..result(refusal.status()) }
            }
        }
    }
}

/// A list that is left out where it is empty.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

/// The answer to the withdrawal of a trace.
#[derive(ApiResponse)]
pub enum WithdrawResponse {
    /// It is withdrawn.
    #[oai(status = 204)]
    Withdrawn,
}

/// The answer to a sync request.
#[derive(ApiResponse)]
pub enum SyncAnswer {
    /// The state of each trace.
    #[oai(status = 200)]
    Report(NoStore<SyncResponse>),
}

/// The state of traces that a client knows.
#[derive(Debug, Object)]
#[oai(rename = "SyncReport", example)]
pub struct SyncResponse {
    /// Those that no longer exist.
    gone: Vec<GoneTraceResponse>,
    /// The others.
    changed: Vec<TraceStatusResponse>,
}

/// A trace that no longer exists.
#[derive(Debug, Object)]
#[oai(rename = "GoneTrace")]
pub struct GoneTraceResponse {
    /// Its id.
    id: String,
    /// Why it is gone, as in the changes of the world; absent where it is unknown, or there never was such a trace.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
}

/// The revision and the counters of a trace.
#[derive(Debug, Object)]
#[oai(rename = "TraceStatus")]
pub struct TraceStatusResponse {
    /// Its id.
    id: String,
    /// Its revision: 1, and one more with each change by its author.
    #[oai(validator(minimum(value = "1")))]
    revision: i32,
    /// Votes for it.
    good: i32,
    /// Votes against it.
    poor: i32,
    /// How often players have marked it as useful.
    uses: i32,
}

impl From<GoneTrace> for GoneTraceResponse {
    fn from(GoneTrace { id, reason }: GoneTrace) -> Self {
        Self { id: id.to_string(), reason: reason.map(|reason| reason.name().to_owned()) }
    }
}

impl From<TraceStatus> for TraceStatusResponse {
    fn from(TraceStatus { id, revision, good, poor, uses }: TraceStatus) -> Self {
        Self { id: id.to_string(), revision, good, poor, uses }
    }
}

impl From<SyncReport> for SyncResponse {
    fn from(SyncReport { gone, present }: SyncReport) -> Self {
        Self {
            gone: gone.into_iter().map(GoneTraceResponse::from).collect(),
            changed: present.into_iter().map(TraceStatusResponse::from).collect(),
        }
    }
}

impl Example for SyncResponse {
    fn example() -> Self {
        SyncReport {
            gone: vec![GoneTrace { id: 3907, reason: Some(ChangeReason::Evicted) }],
            present: vec![TraceStatus { id: 4211, revision: 1, good: 4, poor: 1, uses: 0 }],
        }
        .into()
    }
}
