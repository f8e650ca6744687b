//! The requests of authors: their documentation here, their reading in [`items`] and [`change`].

mod change;
mod fields;
mod items;

use poem_openapi::{Object, types::Example};

pub use self::{
    change::{change, sync_ids, trace_id},
    items::items,
};
use crate::{http::page::Paged, traces::recordings::RecordingColumns};

/// The player's own traces, in pages.
#[derive(Debug)]
pub struct OwnTraces;

impl Paged for OwnTraces {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 100;
    const MAX_LIMIT: usize = 200;
    const EXAMPLE_CURSOR: &'static str = "4211";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "is no `next` of a page".to_owned())
    }
}

/// Traces to leave.
#[derive(Debug, Object)]
#[oai(example)]
pub struct TracesRequest {
    /// 1 to 32.
    traces: Vec<TraceRequest>,
}

/// A trace to leave.
#[derive(Debug, Default, Object)]
pub struct TraceRequest {
    /// The client's own name for the trace, unique for the player, at most 64 bytes. A trace whose `ref` was sent before is
    /// not stored again.
    r#ref: Option<String>,
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// The scope, at most 64 bytes. Absent: the scope without a name.
    scope: Option<String>,
    /// `[x,y,z]`, each within ±1e7.
    pos: Option<Vec<f64>>,
    /// `[x,y,z,w]`, a quaternion.
    rot: Option<Vec<f64>>,
    /// The type, of the game's own: a kind of object, a cause of death; at most 64 bytes.
    r#type: Option<String>,
    /// Free text: at most 8 texts of at most 1,024 bytes.
    text: Option<Vec<String>>,
    /// The number of the first sentence's template in the game's own list: from 1.
    template: Option<i32>,
    /// The number of the word in it: from 1.
    word: Option<i32>,
    /// The number of the conjunction that joins the second sentence: from 1.
    conjunction: Option<i32>,
    /// The number of the second sentence's template: from 1.
    template2: Option<i32>,
    /// The number of the word in that: from 1.
    word2: Option<i32>,
    /// The number of the gesture shown beside the message: from 1.
    gesture: Option<i32>,
    /// Data that only the game reads: at most 4,096 bytes, returned byte for byte.
    data: Option<String>,
    /// The content version of the game that the trace was made for. Raise it only when older traces no longer fit.
    content_version: Option<i32>,
    /// How well a phantom was run, within ±1e12: lower is better.
    rank_value: Option<f64>,
    /// When it was left, if that was before now, at most 30 days (RFC 3339).
    left_at: Option<String>,
    /// Seconds after which it expires; the game's rules may say less.
    expires_in_s: Option<i32>,
    /// The name of the group whose members alone see it: at most 64 bytes.
    group: Option<String>,
    /// Its recording, uploaded with `POST /v1/recordings`: a phantom needs one, a bloodstain may have one.
    recording_id: Option<String>,
    /// The recording itself, in place of `recording_id`.
    recording: Option<RecordingColumns>,
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

/// A change of a trace. Absent fields stay as they are.
#[derive(Debug, Default, Object)]
#[oai(example)]
pub struct ChangeRequest {
    /// The revision that you have seen.
    revision: i32,
    /// New texts, of a message.
    text: Option<Vec<String>>,
    /// A new first sentence, of a message: from 1. Words of the old sentence that are not sent are removed.
    template: Option<i32>,
    /// A new word in it: from 1.
    word: Option<i32>,
    /// A new conjunction: from 1.
    conjunction: Option<i32>,
    /// A new second sentence: from 1.
    template2: Option<i32>,
    /// A new word in that: from 1.
    word2: Option<i32>,
    /// A new gesture: from 1.
    gesture: Option<i32>,
    /// New data.
    data: Option<String>,
    /// A new position.
    pos: Option<Vec<f64>>,
    /// A new rotation.
    rot: Option<Vec<f64>>,
    /// A new type.
    r#type: Option<String>,
}

impl Example for ChangeRequest {
    fn example() -> Self {
        let data = Some(r#"{"door":"open"}"#.to_owned());
        Self { revision: 1, data, ..Self::default() }
    }
}

/// Traces that a client knows.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SyncRequest {
    /// The ids of 1 to 500 traces.
    ids: Vec<String>,
}

impl Example for SyncRequest {
    fn example() -> Self {
        Self { ids: vec!["4211".to_owned(), "3907".to_owned()] }
    }
}
