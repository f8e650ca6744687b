//! A player's own traces in answers.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    traces::{
        TraceKind,
        authoring::model::{GoneTrace, OwnItem, OwnList, TraceState},
        trace::{AuthorKind, TraceResponse},
    },
    worlds::ChangeReason,
};

/// The answer to a request for the player's own traces.
#[derive(ApiResponse)]
pub enum OwnTracesResponse {
    /// A page.
    #[oai(status = 200)]
    Page(NoStore<OwnTracePage>),
}

/// A page of the player's own traces.
#[derive(Debug, Object)]
#[oai(example)]
pub struct OwnTracePage {
    /// The oldest first.
    items: Vec<OwnTrace>,
    /// Where the next page begins.
    next: String,
    /// Whether there is a next page.
    more: bool,
}

/// A trace of the player's own. Of one that is withdrawn nothing is left but what the first four fields say.
#[derive(Debug, Object)]
struct OwnTrace {
    /// Its id; later traces of the world have higher ids.
    id: String,
    /// The client's `ref`, if it sent one.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 64))]
    r#ref: Option<String>,
    /// What has become of it.
    state: OneOf<TraceState>,
    /// Why it is withdrawn: by the player, or for another reason, as in the changes of the world.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// Its kind.
    #[oai(skip_serializing_if_is_none)]
    kind: Option<OneOf<TraceKind>>,
    /// The scope in which it was left.
    #[oai(skip_serializing_if_is_none)]
    scope: Option<String>,
    /// The author: the player's id.
    #[oai(skip_serializing_if_is_none)]
    author: Option<String>,
    /// What the author is: always `minted`, a player whom this server knows.
    #[oai(skip_serializing_if_is_none)]
    author_kind: Option<OneOf<AuthorKind>>,
    /// The position `[x,y,z]`, in the game's own units.
    #[oai(skip_serializing_if_is_none, validator(min_items = 3, max_items = 3))]
    pos: Option<Vec<f64>>,
    /// The rotation `[x,y,z,w]`, a quaternion.
    #[oai(skip_serializing_if_is_none, validator(min_items = 4, max_items = 4))]
    rot: Option<Vec<f64>>,
    /// The type of object, the cause of death and the like.
    #[oai(skip_serializing_if_is_none)]
    r#type: Option<String>,
    /// Free texts.
    #[oai(skip_serializing_if_is_none, validator(min_items = 1, max_items = 8))]
    text: Option<Vec<String>>,
    /// The number of the first sentence's template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    template: Option<i32>,
    /// The number of the word in the first template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    word: Option<i32>,
    /// The number of the conjunction between the two sentences.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    conjunction: Option<i32>,
    /// The number of the second sentence's template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    template2: Option<i32>,
    /// The number of the word in the second template.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    word2: Option<i32>,
    /// The number of the gesture of the figure beside the message.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1")))]
    gesture: Option<i32>,
    /// Data that only the game reads, byte for byte as it was sent.
    #[oai(skip_serializing_if_is_none)]
    data: Option<String>,
    /// The id of its recording, by which the frames are fetched.
    #[oai(skip_serializing_if_is_none)]
    recording_id: Option<String>,
    /// The time from the recording's first frame to its last, in milliseconds.
    #[oai(skip_serializing_if_is_none)]
    duration_ms: Option<i32>,
    /// The size of the packed recording, in bytes.
    #[oai(skip_serializing_if_is_none)]
    size_bytes: Option<i32>,
    /// The content version of the game that it was made for.
    #[oai(skip_serializing_if_is_none)]
    content_version: Option<i32>,
    /// How well a phantom was run; lower is better.
    #[oai(skip_serializing_if_is_none)]
    rank_value: Option<f64>,
    /// Votes for it, imported ones included.
    #[oai(skip_serializing_if_is_none)]
    good: Option<i32>,
    /// Votes against it.
    #[oai(skip_serializing_if_is_none)]
    poor: Option<i32>,
    /// Its score by all votes, 0 to 1.
    #[oai(skip_serializing_if_is_none)]
    score: Option<f64>,
    /// How often players have marked it as useful.
    #[oai(skip_serializing_if_is_none)]
    uses: Option<i32>,
    /// Its revision: 1, and one more with each change.
    #[oai(skip_serializing_if_is_none)]
    revision: Option<i32>,
    /// When it was left.
    #[oai(skip_serializing_if_is_none)]
    created_at: Option<Timestamp>,
    /// Whole seconds since it was left.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    age_s: Option<i64>,
    /// When it expires.
    #[oai(skip_serializing_if_is_none)]
    expires_at: Option<Timestamp>,
    /// Whole seconds until it expires.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    expires_in_s: Option<i64>,
}

impl OwnTrace {
    fn present(trace: TraceResponse, reference: Option<String>, state: TraceState) -> Self {
        Self {
            id: trace.id,
            r#ref: reference,
            state: OneOf(state),
            reason: None,
            kind: Some(trace.kind),
            scope: Some(trace.scope),
            author: Some(trace.author),
            author_kind: Some(trace.author_kind),
            pos: trace.pos,
            rot: trace.rot,
            r#type: trace.sort,
            text: trace.text,
            template: trace.template,
            word: trace.word,
            conjunction: trace.conjunction,
            template2: trace.template2,
            word2: trace.word2,
            gesture: trace.gesture,
            data: trace.data,
            recording_id: trace.recording_id,
            duration_ms: trace.duration_ms,
            size_bytes: trace.size_bytes,
            content_version: Some(trace.content_version),
            rank_value: trace.rank_value,
            good: Some(trace.good),
            poor: Some(trace.poor),
            score: Some(trace.score),
            uses: Some(trace.uses),
            revision: Some(trace.revision),
            created_at: Some(trace.created_at),
            age_s: trace.age_s,
            expires_at: trace.expires_at,
            expires_in_s: trace.expires_in_s,
        }
    }

    fn gone(GoneTrace { id, reason }: GoneTrace, reference: Option<String>) -> Self {
        Self {
            id: id.to_string(),
            r#ref: reference,
            state: OneOf(TraceState::Withdrawn),
            reason: reason.map(|reason| reason.name().to_owned()),
            kind: None,
            scope: None,
            author: None,
            author_kind: None,
            pos: None,
            rot: None,
            r#type: None,
            text: None,
            template: None,
            word: None,
            conjunction: None,
            template2: None,
            word2: None,
            gesture: None,
            data: None,
            recording_id: None,
            duration_ms: None,
            size_bytes: None,
            content_version: None,
            rank_value: None,
            good: None,
            poor: None,
            score: None,
            uses: None,
            revision: None,
            created_at: None,
            age_s: None,
            expires_at: None,
            expires_in_s: None,
        }
    }

    fn at(item: OwnItem, now_ms: i64) -> Self {
        match item {
            OwnItem::Present { trace, reference } => {
                let state = TraceState::of_present(trace.hidden);
                Self::present(TraceResponse::at(*trace, now_ms), reference, state)
            }
            OwnItem::Gone { trace, reference } => Self::gone(trace, reference),
        }
    }
}

impl OwnTracePage {
    /// A page in an answer that is made at that time, in milliseconds since the epoch.
    pub fn at(OwnList { items, next, more }: OwnList, now_ms: i64) -> Self {
        let items = items.into_iter().map(|item| OwnTrace::at(item, now_ms)).collect();
        Self { items, next: next.to_string(), more }
    }
}

impl Example for OwnTracePage {
    fn example() -> Self {
        let withdrawn = GoneTrace { id: 3907, reason: Some(ChangeReason::Withdrawn) };
        let live = TraceResponse { age_s: Some(86_400), ..TraceResponse::example() };
        Self {
            items: vec![
                OwnTrace::gone(withdrawn, Some("c9f0f895".to_owned())),
                OwnTrace::present(live, Some("8f14e45f".to_owned()), TraceState::Live),
            ],
            next: "4211".to_owned(),
            more: false,
        }
    }
}
