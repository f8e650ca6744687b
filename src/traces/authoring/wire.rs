//! What authors send and are answered.

use poem_openapi::{Object, types::Example};

use super::model::{Outcome, Refusal, Synced};
use crate::traces::{recordings::RecordingRequest, trace::TraceResponse};

/// TraceWorlds to leave.
#[derive(Debug, Object)]
#[oai(example)]
pub struct TracesRequest {
    /// 1 to 32.
    traces: Vec<TraceRequest>,
}

/// A trace to leave.
#[derive(Debug, Default, Object)]
pub struct TraceRequest {
    /// The client's own name for it, unique for the player, at most 64 bytes: sent again it is not left again.
    pub r#ref: Option<String>,
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// The place, at most 64 bytes.
    scope: Option<String>,
    /// `[x,y,z]`, each within ±1e7.
    pos: Option<Vec<f64>>,
    /// `[x,y,z,w]`, a quaternion.
    rot: Option<Vec<f64>>,
    /// What sort of object, cause of death, and so on: at most 64 bytes.
    r#type: Option<String>,
    /// Free words: at most 8 texts of at most 1,024 bytes.
    text: Option<Vec<String>>,
    /// The first sentence, of the game's own: from 1.
    template: Option<i32>,
    /// The word in it: from 1.
    word: Option<i32>,
    /// What joins the second sentence: from 1.
    conjunction: Option<i32>,
    /// The second sentence: from 1.
    template2: Option<i32>,
    /// The word in that: from 1.
    word2: Option<i32>,
    /// What the figure beside it does: from 1.
    gesture: Option<i32>,
    /// What only the game reads: at most 4,096 bytes, given back byte for byte.
    data: Option<String>,
    /// With which content of the game it fits: raised only when older traces no longer fit.
    content_version: Option<i32>,
    /// How well a phantom was run, within ±1e12: lower is better.
    rank_value: Option<f64>,
    /// When it was left, if that was before now, at most 30 days (RFC 3339).
    left_at: Option<String>,
    /// Seconds after which it goes, if the game does not take it away earlier.
    expires_in_s: Option<i32>,
    /// What the group calls itself that alone sees it: at most 64 bytes.
    group: Option<String>,
    /// The recording that it takes along, from `POST /v1/recordings`: a phantom needs one, a bloodstain may have one.
    recording_id: Option<String>,
    /// The recording itself, in place of `recording_id`.
    recording: Option<RecordingRequest>,
}

impl Example for TracesRequest {
    fn example() -> Self {
        let message = TraceRequest {
            r#ref: Some("8f14e45f".to_owned()),
            kind: "message".to_owned(),
            scope: Some("Ash Lake".to_owned()),
            pos: Some(vec![161.767, -58.2646, -446.62]),
            template: Some(3),
            word: Some(117),
            ..TraceRequest::default()
        };
        Self { traces: vec![message] }
    }
}

/// What became of each trace.
#[derive(Debug, Object)]
#[oai(example)]
pub struct Results {
    /// In the order in which they were sent.
    pub results: Vec<ItemResult>,
    /// How many were not left.
    pub failed: u32,
}

impl Example for Results {
    fn example() -> Self {
        let left = Outcome::Left { id: 4211, evicted: vec![3907] };
        Self { results: vec![ItemResult::of((Some("8f14e45f".to_owned()), left))], failed: 0 }
    }
}

/// What became of a trace.
#[derive(Debug, Object)]
pub struct ItemResult {
    /// The client's own name for it.
    #[oai(skip_serializing_if_is_none)]
    pub r#ref: Option<String>,
    /// 201 left, 200 left before, or the status that it would have alone.
    pub status: u16,
    /// The trace's id.
    #[oai(skip_serializing_if_is_none)]
    id: Option<String>,
    /// Why not, for a program.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// Why not, for a person.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// Where the first thing is that is wrong: a JSON pointer into the body.
    #[oai(skip_serializing_if_is_none)]
    pointer: Option<String>,
    /// The player's own traces that went for it.
    #[oai(skip_serializing_if_is_empty)]
    evicted: Vec<String>,
}

impl ItemResult {
    /// As it is shown.
    pub fn of((name, outcome): (Option<String>, Outcome)) -> Self {
        let result = |status| Self {
            r#ref: name,
            status,
            id: None,
            code: None,
            detail: None,
            pointer: None,
            evicted: Vec::new(),
        };
        match outcome {
            Outcome::Left { id, evicted } => Self {
                id: Some(id.to_string()),
                evicted: evicted.into_iter().map(|id| id.to_string()).collect(),
                ..result(201)
            },
            Outcome::Before(id) => Self { id: Some(id.to_string()), ..result(200) },
            Outcome::Refused(refusal) => {
                let pointer = match &refusal {
                    Refusal::Invalid(faults) => faults.first().map(|fault| fault.pointer.clone()),
                    _ => None,
                };
                let (code, detail) = (Some(refusal.code().to_owned()), Some(refusal.to_string()));
                Self { code, detail, pointer, ..result(refusal.status()) }
            }
        }
    }
}

/// What is to become of a trace.
#[derive(Debug, Default, Object)]
#[oai(example)]
pub struct ChangeRequest {
    /// The revision that you have seen.
    revision: i32,
    /// Other words, of a message.
    text: Option<Vec<String>>,
    /// Another first sentence, of a message: from 1. Words of the old sentence that are not named go.
    template: Option<i32>,
    /// Another word in it: from 1.
    word: Option<i32>,
    /// What joins the second sentence: from 1.
    conjunction: Option<i32>,
    /// Another second sentence: from 1.
    template2: Option<i32>,
    /// Another word in that: from 1.
    word2: Option<i32>,
    /// What the figure beside it does: from 1.
    gesture: Option<i32>,
    /// Other data.
    data: Option<String>,
    /// Another position.
    pos: Option<Vec<f64>>,
    /// Turned otherwise.
    rot: Option<Vec<f64>>,
    /// Another type.
    r#type: Option<String>,
}

impl Example for ChangeRequest {
    fn example() -> Self {
        let data = Some(r#"{"door":"open"}"#.to_owned());
        Self { revision: 1, data, ..Self::default() }
    }
}

/// A page of traces.
#[derive(Debug, Object)]
#[oai(example)]
pub struct TracePage {
    /// The oldest first.
    pub items: Vec<TraceResponse>,
    /// Where the next page begins.
    pub next: String,
    /// Whether there is one.
    pub more: bool,
}

impl Example for TracePage {
    fn example() -> Self {
        Self { items: vec![TraceResponse::example()], next: "4211".to_owned(), more: false }
    }
}

/// TraceWorlds that a client knows.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SyncRequest {
    /// 1 to 500.
    pub ids: Vec<String>,
}

impl Example for SyncRequest {
    fn example() -> Self {
        Self { ids: vec!["4211".to_owned(), "3907".to_owned()] }
    }
}

/// How traces stand.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SyncResponse {
    /// Those that are no more.
    gone: Vec<GoneTrace>,
    /// The others.
    changed: Vec<StandingTrace>,
}

/// A trace that is no more.
#[derive(Debug, Object)]
pub struct GoneTrace {
    /// Its id.
    id: String,
    /// `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or `expired`; absent where it is not known, or there was none.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
}

/// How a trace stands.
#[derive(Debug, Object)]
pub struct StandingTrace {
    /// Its id.
    id: String,
    /// Its revision.
    revision: i32,
    /// Votes for it.
    good: i32,
    /// Votes against it.
    poor: i32,
    /// How often it was of use.
    uses: i32,
}

impl SyncResponse {
    /// As it is shown.
    pub fn of(synced: Synced) -> Self {
        let gone = synced.gone.into_iter();
        let there = synced.there.into_iter();
        Self {
            gone: gone
                .map(|(id, reason)| GoneTrace {
                    id: id.to_string(),
                    reason: reason.map(|reason| reason.name().to_owned()),
                })
                .collect(),
            changed: there
                .map(|standing| StandingTrace {
                    id: standing.id.to_string(),
                    revision: standing.revision,
                    good: standing.good,
                    poor: standing.poor,
                    uses: standing.uses,
                })
                .collect(),
        }
    }
}

impl Example for SyncResponse {
    fn example() -> Self {
        let gone = GoneTrace { id: "3907".to_owned(), reason: Some("evicted".to_owned()) };
        let there = StandingTrace { id: "4211".to_owned(), revision: 1, good: 4, poor: 1, uses: 0 };
        Self { gone: vec![gone], changed: vec![there] }
    }
}
