//! A trace as `/v1` shows it: one flat object for every kind.

use std::borrow::Cow;

use entity::tenant::traces::trace;
use poem_openapi::{
    Object,
    types::{Example, ToJSON},
};
use serde::{Deserialize, Serialize};

use crate::{
    platform::{clock, codec::json},
    traces::{TraceKind, trace::Trace},
};

/// What is said of a trace under `/v1` besides where it is and whose: stored as the text of a JSON object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What sort of object, cause of death, and so on.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// A sentence in place of free words.
    #[serde(flatten)]
    pub sentence: Sentence,
    /// What only the game reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The recording that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recorded>,
}

/// A sentence of the game's own, and what the figure beside it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Sentence {
    /// The first sentence, of the game's own; from 1.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<i32>,
    /// The word in it.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<i32>,
    /// What joins the second sentence.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conjunction: Option<i32>,
    /// The second sentence.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template2: Option<i32>,
    /// The word in that.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word2: Option<i32>,
    /// What the figure beside it does.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gesture: Option<i32>,
}

impl Sentence {
    /// Its fields by their names.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, Option<i32>); 6] {
        [
            ("template", self.template),
            ("word", self.word),
            ("conjunction", self.conjunction),
            ("template2", self.template2),
            ("word2", self.word2),
            ("gesture", self.gesture),
        ]
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The recording of a trace, as it is shown without its frames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// By which its frames are fetched.
    pub id: String,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// As it is stored.
    pub size_bytes: i32,
}

/// A part of a seed client's message.
#[derive(Deserialize)]
#[serde(untagged)]
enum Part<'a> {
    Integer(i64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

/// What a seed client says of an object or a message.
#[derive(Default, Deserialize)]
struct V0Words<'a> {
    o_type: Option<i64>,
    #[serde(borrow)]
    part1: Option<Part<'a>>,
    #[serde(borrow)]
    part2: Option<Part<'a>>,
    #[serde(borrow)]
    part3: Option<Part<'a>>,
}

impl Detail {
    /// Bytes of a type, at most.
    pub const TYPE_BYTES: usize = 64;

    /// Texts of a message, at most,
    pub const TEXTS: usize = 8;

    /// and bytes of each.
    pub const TEXT_BYTES: usize = 1024;

    /// Bytes of what only the game reads, at most.
    pub const DATA_BYTES: usize = 4096;

    /// A rank is within this of nought.
    pub const RANK_LIMIT: f64 = 1e12;

    /// What is said of a stored trace.
    #[must_use]
    pub fn of(row: &trace::Model) -> Self {
        if let Some(detail) = &row.detail {
            return json::slow(detail.as_bytes()).unwrap_or_default();
        }
        let words: V0Words<'_> = json::slow(row.body.as_bytes()).unwrap_or_default();
        let parts = [words.part1, words.part2, words.part3].into_iter().flatten();
        let text = parts.map(|part| match part {
            Part::Integer(number) => number.to_string(),
            Part::Text(text) => text.into_owned(),
        });
        Self { sort: words.o_type.map(|sort| sort.to_string()), text: text.collect(), ..Self::default() }
    }

    /// What it says: its texts, and the numbers of its sentence.
    #[must_use]
    pub fn words(&self) -> (Vec<String>, [Option<i32>; 5]) {
        let Sentence { template, word, conjunction, template2, word2, gesture: _ } = self.sentence;
        (self.text.clone(), [template, word, conjunction, template2, word2])
    }

    /// What the seed's clients are shown of a trace; nothing where they could not read it.
    #[must_use]
    pub fn v0_body(&self, kind: TraceKind, position: Option<[f64; 3]>, rotation: Option<[f64; 4]>) -> String {
        let text = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        let body = match kind {
            TraceKind::Object => {
                let sort = self.sort.as_ref().and_then(|sort| sort.parse::<i64>().ok());
                let (o_pos, o_rot) = (position.map(|all| text(&all)), rotation.map(|all| text(&all)));
                sort.map(|o_type| {
                    serde_json::json!({
                        "o_type": o_type, "o_pos": o_pos.unwrap_or_default(), "o_rot": o_rot.unwrap_or_default()
                    })
                })
            }
            TraceKind::Message if (1..=3).contains(&self.text.len()) => {
                let part = |at: usize| self.text.get(at).map_or("", String::as_str);
                let mut body = serde_json::json!({"part1": part(0), "part2": part(1), "part3": part(2)});
                if let (Some(body), Some(position)) = (body.as_object_mut(), position) {
                    body.insert("m_pos".to_owned(), text(&position).into());
                }
                Some(body)
            }
            TraceKind::Phantom if self.recording.is_some() => Some(serde_json::json!({})),
            // Without frames there is nothing to see.
            TraceKind::Message | TraceKind::Phantom | TraceKind::Bloodstain => None,
        };
        body.map_or_else(String::new, |body| body.to_string())
    }

    /// As it is stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Serialising texts and numbers can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A trace.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Trace", example)]
pub struct TraceResponse {
    /// Higher was left later.
    pub id: String,
    /// `object`, `message`, `phantom` or `bloodstain`.
    pub kind: String,
    /// The place.
    pub scope: String,
    /// Who left it: the id of a player; of what a seed client left, what it calls its player.
    pub author: String,
    /// `[x,y,z]`.
    #[oai(skip_serializing_if_is_none)]
    pub pos: Option<Vec<f64>>,
    /// `[x,y,z,w]`, a quaternion.
    #[oai(skip_serializing_if_is_none)]
    pub rot: Option<Vec<f64>>,
    /// What sort of object, cause of death, and so on.
    #[oai(rename = "type", skip_serializing_if_is_none)]
    pub sort: Option<String>,
    /// Free words.
    #[oai(skip_serializing_if_is_empty)]
    pub text: Vec<String>,
    /// A sentence in place of free words.
    #[oai(flatten)]
    pub sentence: Sentence,
    /// What only the game reads, byte for byte as it was sent.
    #[oai(skip_serializing_if_is_none)]
    pub data: Option<String>,
    /// The recording that belongs to it: its frames are fetched by this id.
    #[oai(skip_serializing_if_is_none)]
    pub recording_id: Option<String>,
    /// From the recording's first frame to its last.
    #[oai(skip_serializing_if_is_none)]
    pub duration_ms: Option<i32>,
    /// Bytes of the recording.
    #[oai(skip_serializing_if_is_none)]
    pub size_bytes: Option<i32>,
    /// With which content of the game it fits.
    pub content_version: i32,
    /// How well it was run: lower is better.
    #[oai(skip_serializing_if_is_none)]
    pub rank_value: Option<f64>,
    /// Votes for it.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// How well it stands by all votes: 0 to 1.
    pub score: f64,
    /// How often it was of use.
    pub uses: i32,
    /// Raised by each change of what it says, from 1.
    pub revision: i32,
    /// When it was left (RFC 3339).
    pub created_at: String,
    /// When it goes by itself (RFC 3339).
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
            sentence: Sentence { template: Some(3), word: Some(117), ..Sentence::default() },
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
            sentence,
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
