//! What the author of a trace says with it, in the form in which the database keeps it.

use serde::{Deserialize, Serialize};

use crate::traces::TraceKind;

/// What a trace says under `/v1`, besides its position and author. The database keeps it as the text of a JSON object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The type of object, the cause of death and the like.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Free texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// A sentence in place of free texts.
    #[serde(flatten)]
    pub sentence: Sentence,
    /// Data that only the game reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The recording that belongs to the trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingSummary>,
}

/// A sentence from the game's own templates, and the gesture of the figure beside it. Numbers are the game's, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The first template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<i32>,
    /// The word in the first template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<i32>,
    /// The conjunction between the two templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conjunction: Option<i32>,
    /// The second template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template2: Option<i32>,
    /// The word in the second template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word2: Option<i32>,
    /// The gesture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gesture: Option<i32>,
}

/// A trace's recording without its frames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingSummary {
    /// The id by which the frames are fetched.
    pub id: String,
    /// The time from the first frame to the last, in milliseconds.
    pub duration_ms: i32,
    /// The size of the packed recording, in bytes.
    pub size_bytes: i32,
}

impl Sentence {
    /// All fields with their names.
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

    /// Whether no field is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Detail {
    /// The longest type, in bytes.
    pub const TYPE_BYTES: usize = 64;

    /// The most texts of a message.
    pub const TEXTS: usize = 8;

    /// The longest text, in bytes.
    pub const TEXT_BYTES: usize = 1024;

    /// The most data that only the game reads, in bytes.
    pub const DATA_BYTES: usize = 4096;

    /// The largest absolute rank value.
    pub const RANK_LIMIT: f64 = 1e12;

    /// The texts, and the numbers of the sentence without the gesture.
    #[must_use]
    pub fn words(&self) -> (Vec<String>, [Option<i32>; 5]) {
        let Sentence { template, word, conjunction, template2, word2, gesture: _ } = self.sentence;
        (self.text.clone(), [template, word, conjunction, template2, word2])
    }

    /// The body of the trace as v0 clients get it; empty where they could not read it.
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
            // A phantom without frames has nothing to show.
            TraceKind::Message | TraceKind::Phantom | TraceKind::Bloodstain => None,
        };
        body.map_or_else(String::new, |body| body.to_string())
    }

    /// The JSON text that the database keeps.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Serialising texts and numbers can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
