//! How large a trace is that a player wants to leave: stored, and in memory.

use super::{RecordingInput, TraceInput};
use crate::traces::stored_size::{recording_bytes, trace_bytes};

impl TraceInput {
    /// The bytes that it occupies when it is stored, with a recording that comes with it. One that was uploaded before is stored
    /// already.
    #[must_use]
    pub fn stored_bytes(&self, author: &str) -> i64 {
        // The body repeats what is in the detail.
        let texts = 2 * self.detail.to_text().len() + 256;
        let recording = match &self.recording {
            Some(RecordingInput::Inline(recording)) => {
                recording_bytes(recording.packed.bytes.len() + recording.packed.look.len())
            }
            _ => 0,
        };
        trace_bytes(author, &self.scope, texts) + recording
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let recording = match &self.recording {
            Some(RecordingInput::Inline(recording)) => recording.size_bytes(),
            _ => 0,
        };
        512 + self.detail.data.as_ref().map_or(0, String::len) + recording
    }
}
