//! A trace as `/v1` shows it: one flat object for every kind.

use poem_openapi::{
    Object,
    types::{Example, ToJSON},
};

use super::{
    author_kind::AuthorKind,
    detail::{Detail, Sentence},
    stored::Trace,
};
use crate::{
    http::schema::{OneOf, Timestamp},
    traces::TraceKind,
};

/// A trace.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Trace", example)]
pub struct TraceResponse {
    /// Its id; later traces of the world have higher ids.
    pub id: String,
    /// Its kind.
    pub kind: OneOf<TraceKind>,
    /// The scope in which it was left.
    pub scope: String,
    /// The author: the id of a player, or the `u_uuid` that a v0 client sent.
    pub author: String,
    /// Which of the two it is: `minted`, a player whom this server knows; or `claimed`, which proves nothing, even where it is the id
    /// of a player.
    pub author_kind: OneOf<AuthorKind>,
    /// The position `[x,y,z]`, in the game's own units.
    #[oai(skip_serializing_if_is_none, validator(min_items = 3, max_items = 3))]
    pub pos: Option<Vec<f64>>,
    /// The rotation `[x,y,z,w]`, a quaternion.
    #[oai(skip_serializing_if_is_none, validator(min_items = 4, max_items = 4))]
    pub rot: Option<Vec<f64>>,
    /// The type of object, the cause of death and the like.
    #[oai(rename = "type", skip_serializing_if_is_none)]
    pub sort: Option<String>,
    /// Free texts.
    #[oai(skip_serializing_if_is_none, validator(min_items = 1, max_items = 8))]
    pub text: Option<Vec<String>>,
    /// The number of the first sentence's template, the game's own, from 1: a sentence stands in place of free texts.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub template: Option<i32>,
    /// The number of the word in the first template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub word: Option<i32>,
    /// The number of the conjunction between the two sentences.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub conjunction: Option<i32>,
    /// The number of the second sentence's template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub template2: Option<i32>,
    /// The number of the word in the second template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub word2: Option<i32>,
    /// The number of the gesture of the figure beside the message.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    pub gesture: Option<i32>,
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
    /// When it was left.
    pub created_at: Timestamp,
    /// Whole seconds since it was left. Not in decks, which are kept: there, `created_at` and the header `Date` tell.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    pub age_s: Option<i64>,
    /// When it expires.
    #[oai(skip_serializing_if_is_none)]
    pub expires_at: Option<Timestamp>,
    /// Whole seconds until it expires. Not in decks.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    pub expires_in_s: Option<i64>,
}

impl Example for TraceResponse {
    fn example() -> Self {
        Self {
            id: "4211".to_owned(),
            kind: OneOf(TraceKind::Message),
            scope: "Ash Lake".to_owned(),
            author: "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned(),
            author_kind: OneOf(AuthorKind::Minted),
            pos: Some(vec![161.767, -58.2646, -446.62]),
            rot: None,
            sort: None,
            text: None,
            template: Some(3),
            word: Some(117),
            conjunction: None,
            template2: None,
            word2: None,
            gesture: None,
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
            created_at: Timestamp(1_795_248_000_000),
            age_s: None,
            expires_at: None,
            expires_in_s: None,
        }
    }
}

impl From<Trace> for TraceResponse {
    fn from(trace: Trace) -> Self {
        let Detail { sort, text, sentence, data, recording } = trace.detail;
        let Sentence { template, word, conjunction, template2, word2, gesture } = sentence;
        Self {
            id: trace.id.to_string(),
            kind: OneOf(trace.kind),
            scope: trace.scope.as_str().to_owned(),
            author: trace.author,
            author_kind: OneOf(AuthorKind::of(trace.by_player)),
            pos: trace.position.map(Vec::from),
            rot: trace.rotation.map(Vec::from),
            sort,
            text: Some(text).filter(|text| !text.is_empty()),
            template,
            word,
            conjunction,
            template2,
            word2,
            gesture,
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
            created_at: Timestamp(trace.created_at_ms),
            age_s: None,
            expires_at: trace.expires_at_ms.map(Timestamp),
            expires_in_s: None,
        }
    }
}

/// Whole seconds between two times in milliseconds, 0 where the second is not after the first.
fn seconds_between(from_ms: i64, to_ms: i64) -> i64 {
    (to_ms.saturating_sub(from_ms) / 1000).max(0)
}

impl TraceResponse {
    /// The trace in an answer that is made at that time, in milliseconds since the epoch, and not kept.
    #[must_use]
    pub fn at(trace: Trace, now_ms: i64) -> Self {
        let age_s = Some(seconds_between(trace.created_at_ms, now_ms));
        let expires_in_s = trace.expires_at_ms.map(|expires_at_ms| seconds_between(now_ms, expires_at_ms));
        Self { age_s, expires_in_s, ..trace.into() }
    }

    /// The trace as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_string()
    }
}
