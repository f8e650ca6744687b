//! The requests of authors: their documentation here, their reading in [`items`] and [`change`].

mod change;
mod fields;
mod items;

use poem_openapi::{Object, types::Example};

pub use self::{
    change::{change, known_traces, trace_id},
    items::items,
};
use crate::{
    http::{
        page::Paged,
        schema::{OneOf, Timestamp},
    },
    platform::codec::fields::BodyReader,
    traces::{TraceKind, recordings::RecordingColumns},
};

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
#[oai(rename = "NewTraces", example)]
pub struct TracesRequest {
    /// The traces, in the order of the results.
    #[oai(validator(min_items = 1, max_items = 32))]
    traces: Vec<TraceRequest>,
}

/// A trace to leave.
#[derive(Debug, Object)]
#[oai(rename = "NewTrace")]
pub struct TraceRequest {
    /// The client's own name for the trace, unique for the player: at most 64 bytes. A trace whose `ref` was sent before is
    /// not stored again.
    #[oai(validator(max_length = 64))]
    r#ref: Option<String>,
    /// Its kind, which says what else it needs.
    kind: OneOf<TraceKind>,
    /// The scope: at most 64 bytes, no control characters. Absent: the scope without a name.
    #[oai(validator(max_length = 64))]
    scope: Option<String>,
    /// The position `[x,y,z]`, in the game's own units, each within ±1e7. An empty list counts as absent.
    #[oai(validator(max_items = 3))]
    pos: Option<Vec<f64>>,
    /// The rotation `[x,y,z,w]`, a quaternion. An empty list counts as absent.
    #[oai(validator(max_items = 4))]
    rot: Option<Vec<f64>>,
    /// The type, of the game's own: a sort of object, a cause of death; at most 64 bytes.
    #[oai(validator(max_length = 64))]
    r#type: Option<String>,
    /// Free texts, each of at most 1,024 bytes.
    #[oai(validator(max_items = 8))]
    text: Option<Vec<String>>,
    /// The number of the first sentence's template in the game's own list, from 1.
    #[oai(validator(minimum(value = "0")))]
    template: Option<i32>,
    /// The number of the word in it, from 1.
    #[oai(validator(minimum(value = "0")))]
    word: Option<i32>,
    /// The number of the conjunction that joins the second sentence, from 1.
    #[oai(validator(minimum(value = "0")))]
    conjunction: Option<i32>,
    /// The number of the second sentence's template, from 1.
    #[oai(validator(minimum(value = "0")))]
    template2: Option<i32>,
    /// The number of the word in that, from 1.
    #[oai(validator(minimum(value = "0")))]
    word2: Option<i32>,
    /// The number of the gesture shown beside the message, from 1.
    #[oai(validator(minimum(value = "0")))]
    gesture: Option<i32>,
    /// Data that only the game reads: at most 4,096 bytes, returned byte for byte.
    #[oai(validator(max_length = 4096))]
    data: Option<String>,
    /// The content version of the game that the trace was made for. Raise it only when older traces no longer fit.
    #[oai(validator(minimum(value = "0")))]
    content_version: Option<i32>,
    /// How well a phantom was run: lower is better, and 0 counts as absent.
    #[oai(validator(minimum(value = "-1e12"), maximum(value = "1e12")))]
    rank_value: Option<f64>,
    /// When it was left, if that was before now: at most 30 days ago.
    left_at: Option<Timestamp>,
    /// Seconds after which it expires; the game's rules may say less.
    #[oai(validator(minimum(value = "0"), maximum(value = "315360000")))]
    expires_in_s: Option<i32>,
    /// The name of the group whose members alone see it: at most 64 bytes.
    #[oai(validator(max_length = 64))]
    group: Option<String>,
    /// The id of its recording, which was uploaded before: a phantom needs a recording, a bloodstain may have one.
    #[oai(validator(max_length = 64))]
    recording_id: Option<String>,
    /// The recording itself, in place of `recording_id`.
    recording: Option<RecordingColumns>,
}

impl Example for TracesRequest {
    fn example() -> Self {
        let message = TraceRequest {
            r#ref: Some("8f14e45f".to_owned()),
            kind: OneOf(TraceKind::Message),
            scope: Some("Ash Lake".to_owned()),
            pos: Some(vec![161.767, -58.2646, -446.62]),
            rot: None,
            r#type: None,
            text: None,
            template: Some(3),
            word: Some(117),
            conjunction: None,
            template2: None,
            word2: None,
            gesture: None,
            data: None,
            content_version: None,
            rank_value: None,
            left_at: None,
            expires_in_s: None,
            group: None,
            recording_id: None,
            recording: None,
        };
        Self { traces: vec![message] }
    }
}

/// A change of a trace. Absent fields stay as they are.
#[derive(Debug, Default, Object)]
#[oai(rename = "TraceChange", example)]
pub struct ChangeRequest {
    /// The revision that you have seen.
    #[oai(validator(minimum(value = "1")))]
    revision: i32,
    /// New texts, of a message, each of at most 1,024 bytes.
    #[oai(validator(max_items = 8))]
    text: Option<Vec<String>>,
    /// A new first sentence, of a message, from 1. Words of the old sentence that are not sent are removed.
    #[oai(validator(minimum(value = "0")))]
    template: Option<i32>,
    /// A new word in it, from 1.
    #[oai(validator(minimum(value = "0")))]
    word: Option<i32>,
    /// A new conjunction, from 1.
    #[oai(validator(minimum(value = "0")))]
    conjunction: Option<i32>,
    /// A new second sentence, from 1.
    #[oai(validator(minimum(value = "0")))]
    template2: Option<i32>,
    /// A new word in that, from 1.
    #[oai(validator(minimum(value = "0")))]
    word2: Option<i32>,
    /// A new gesture, from 1.
    #[oai(validator(minimum(value = "0")))]
    gesture: Option<i32>,
    /// New data, at most 4,096 bytes.
    #[oai(validator(max_length = 4096))]
    data: Option<String>,
    /// A new position `[x,y,z]`. An empty list counts as absent.
    #[oai(validator(max_items = 3))]
    pos: Option<Vec<f64>>,
    /// A new rotation `[x,y,z,w]`. An empty list counts as absent.
    #[oai(validator(max_items = 4))]
    rot: Option<Vec<f64>>,
    /// A new type, at most 64 bytes.
    #[oai(validator(max_length = 64))]
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
#[oai(rename = "KnownTraces", example)]
pub struct SyncRequest {
    /// The ids of the traces.
    #[oai(validator(min_items = 1, max_items = 500))]
    ids: Vec<String>,
    /// The name of a group, whose traces are among them.
    #[oai(validator(max_length = 64))]
    group: Option<String>,
}

impl Example for SyncRequest {
    fn example() -> Self {
        Self { ids: vec!["4211".to_owned(), "3907".to_owned()], group: None }
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("TracesRequest", |body| items::is_readable(body)),
    ("ChangeRequest", |body| change(body).is_ok()),
    ("SyncRequest", |body| known_traces(body).is_ok()),
];
