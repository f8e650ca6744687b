//! Types of imports and exports.

use crate::{
    platform::error::Fault,
    traces::{
        recordings::IncomingRecording,
        stored_size::{recording_bytes, trace_bytes},
        trace::{Detail, GroupKey, NewTrace, RecordingSummary},
    },
    worlds::ScopeKey,
};

/// An imported or exported trace.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferredTrace {
    /// The scope that it is in.
    pub scope: ScopeKey,
    /// Its kind, author, position, v0 body and v0 recording.
    pub trace: NewTrace,
    /// Its rotation `[x,y,z,w]`, a quaternion.
    pub rotation: Option<[f64; 4]>,
    /// Imported votes for it.
    pub good: i32,
    /// Whether it is part of a world's history, which is shown where players have left too few traces.
    pub legacy: bool,
    /// Its id where it comes from. A world stores each source id once.
    pub source_id: Option<String>,
    /// When it was left, in milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it expires, in milliseconds since the epoch.
    pub expires_at_ms: Option<i64>,
    /// Whether moderation has hidden it.
    pub hidden: bool,
    /// The group whose members alone see it.
    pub group: Option<GroupKey>,
    /// The content version of the game that it was made for.
    pub content_version: i32,
    /// How well a phantom was run; lower is better.
    pub rank_value: Option<f64>,
    /// The fields that only `/v1` has; where they are present, the v0 body is derived from them.
    pub v1: Option<V1Fields>,
}

impl TransferredTrace {
    /// The bytes that it occupies when it is stored, with its recording.
    #[must_use]
    pub fn stored_bytes(&self) -> i64 {
        let detail = self.v1.as_ref().map_or(0, |v1| v1.stored_detail().to_text().len());
        let source_id = self.source_id.as_ref().map_or(0, String::len);
        let v0_recording = self.trace.recording.as_ref().map(|packed| packed.bytes.len());
        let v1_recording = self.v1.as_ref().and_then(|v1| v1.recording.as_ref());
        let v1_recording = v1_recording.map(|recording| recording.packed.bytes.len() + recording.packed.look.len());
        let recordings: i64 = [v0_recording, v1_recording].into_iter().flatten().map(recording_bytes).sum();
        trace_bytes(&self.trace.author, &self.scope, self.trace.body.len() + detail + 2 * source_id) + recordings
    }
}

/// The fields of a trace that only `/v1` has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct V1Fields {
    /// What it says, without its recording.
    pub detail: Detail,
    /// Whether its author is a player of this world.
    pub minted: bool,
    /// Its recording.
    pub recording: Option<IncomingRecording>,
}

impl V1Fields {
    /// The detail as it is stored, with the summary of the recording.
    #[must_use]
    pub fn stored_detail(&self) -> Detail {
        let summary = |IncomingRecording { id, packed }: &IncomingRecording| RecordingSummary {
            id: id.to_string(),
            duration_ms: packed.duration_ms,
            size_bytes: i32::try_from(packed.bytes.len()).unwrap_or(i32::MAX),
        };
        Detail { recording: self.recording.as_ref().map(summary), ..self.detail.clone() }
    }
}

/// A line that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it. The pointer is empty where the whole line is wrong.
    pub fault: Fault,
}

/// The result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// The number of traces that were new.
    pub imported: u64,
    /// The number of traces whose source id the world had.
    pub already_present: u64,
    /// The number of lines that were not imported because they are wrong.
    pub rejected: u64,
    /// The first of the rejected lines.
    pub first_rejected: Vec<RejectedLine>,
}

/// The progress of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of lines that are done.
    pub lines: u64,
    /// SHA-256 of these lines, in hexadecimal.
    pub digest: String,
}
