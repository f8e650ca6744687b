//! A trace as `/v1` shows it: one flat object for every kind.

use poem_openapi::{
    Object,
    types::{Example, ToJSON},
};

use super::{
    detail::{Detail, Sentence},
    stored::Trace,
};
use crate::platform::clock;

/// A sentence from the game's own templates, and the gesture of the figure beside it.
#[derive(Clone, Copy, Debug, Default, Object)]
#[oai(rename = "Sentence")]
pub struct SentenceResponse {
    /// The number of the first sentence template, the game's own, from 1.
    #[oai(skip_serializing_if_is_none)]
    pub template: Option<i32>,
    /// The number of the word in the first template.
    #[oai(skip_serializing_if_is_none)]
    pub word: Option<i32>,
    /// The number of the conjunction between the two sentences.
    #[oai(skip_serializing_if_is_none)]
    pub conjunction: Option<i32>,
    /// The number of the second sentence template.
    #[oai(skip_serializing_if_is_none)]
    pub template2: Option<i32>,
    /// The number of the word in the second template.
    #[oai(skip_serializing_if_is_none)]
    pub word2: Option<i32>,
    /// The number of the gesture of the figure beside the message.
    #[oai(skip_serializing_if_is_none)]
    pub gesture: Option<i32>,
}

impl From<Sentence> for SentenceResponse {
    fn from(sentence: Sentence) -> Self {
        let Sentence { template, word, conjunction, template2, word2, gesture } = sentence;
        Self { template, word, conjunction, template2, word2, gesture }
    }
}

/// A trace.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Trace", example)]
pub struct TraceResponse {
    /// Its id; later traces of the world have higher ids.
    pub id: String,
    /// `object`, `message`, `phantom` or `bloodstain`.
    pub kind: String,
    /// The scope in which it was left.
    pub scope: String,
    /// The author: the id of a player, or the `u_uuid` that a v0 client sent.
    pub author: String,
    /// The position `[x,y,z]`, in the game's own units.
    #[oai(skip_serializing_if_is_none)]
    pub pos: Option<Vec<f64>>,
    /// The rotation `[x,y,z,w]`, a quaternion.
    #[oai(skip_serializing_if_is_none)]
    pub rot: Option<Vec<f64>>,
    /// The type of object, the cause of death and the like.
    #[oai(rename = "type", skip_serializing_if_is_none)]
    pub sort: Option<String>,
    /// Free texts.
    #[oai(skip_serializing_if_is_empty)]
    pub text: Vec<String>,
    /// A sentence in place of free texts.
    #[oai(flatten)]
    pub sentence: SentenceResponse,
    /// Data that only the game reads, byte for byte as it was sent.
    #[oai(skip_serializing_if_is_none)]
    pub data: Option<String>,
    /// The id of its recording, by which the frames are fetched.
    #[oai(skip_serializing_if_is_none)]
    pub recording_id: Option<String>,
    /// The time from the recording's first frame to its last, in milliseconds.
    #[oai(skip_serializing_if_is_none)]
    pub duration_ms: Option<i32>,
    /// The size of the packed recording, in bytes.
    #[oai(skip_serializing_if_is_none)]
    pub size_bytes: Option<i32>,
    /// The content version of the game that it was made for.
    pub content_version: i32,
    /// How well a phantom was run; lower is better.
    #[oai(skip_serializing_if_is_none)]
    pub rank_value: Option<f64>,
    /// Votes for it, imported ones included.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// Its score by all votes, 0 to 1.
    pub score: f64,
    /// How often players have marked it as useful.
    pub uses: i32,
    /// Its revision: 1, and one more with each change by its author.
    pub revision: i32,
    /// When it was left (RFC 3339).
    pub created_at: String,
    /// When it expires (RFC 3339).
    #[oai(skip_serializing_if_is_none)]
    pub expires_at: Option<String>,
}

impl Example for TraceResponse {
    fn example() -> Self {
        Self {
            id: "4211".to_owned(),
            kind: "message".to_owned(),
            scope: "Ash Lake".to_owned(),
            author: "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned(),
            pos: Some(vec![161.767, -58.2646, -446.62]),
            rot: None,
            sort: None,
            text: Vec::new(),
            sentence: SentenceResponse { template: Some(3), word: Some(117), ..SentenceResponse::default() },
            data: None,
            recording_id: None,
            duration_ms: None,
            size_bytes: None,
            content_version: 0,
            rank_value: None,
            good: 4,
            poor: 1,
            score: 0.375_536,
            uses: 0,
            revision: 1,
            created_at: "2026-11-21T08:00:00Z".to_owned(),
            expires_at: None,
        }
    }
}

impl From<Trace> for TraceResponse {
    fn from(trace: Trace) -> Self {
        let Detail { sort, text, sentence, data, recording } = trace.detail;
        Self {
            id: trace.id.to_string(),
            kind: trace.kind.name().to_owned(),
            scope: trace.scope.as_str().to_owned(),
            author: trace.author,
            pos: trace.position.map(Vec::from),
            rot: trace.rotation.map(Vec::from),
            sort,
            text,
            sentence: sentence.into(),
            data,
            duration_ms: recording.as_ref().map(|recording| recording.duration_ms),
            size_bytes: recording.as_ref().map(|recording| recording.size_bytes),
            recording_id: recording.map(|recording| recording.id),
            content_version: trace.content_version,
            rank_value: trace.rank_value,
            good: trace.good,
            poor: trace.poor,
            score: trace.score,
            uses: trace.uses,
            revision: trace.revision,
            created_at: clock::format(trace.created_at_ms),
            expires_at: trace.expires_at_ms.map(clock::format),
        }
    }
}

impl TraceResponse {
    /// The trace as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_string()
    }
}
