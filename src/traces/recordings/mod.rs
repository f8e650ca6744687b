//! Recordings: the frames of a player's run, uploaded for a trace that is left later or sent with the trace, and fetched by id.
//!
//! - A recording is read, checked and packed anew before it is stored, whatever format it was sent in: no client ever receives
//!   bytes that another client made.
//! - An uploaded recording belongs to its player until one trace of that player takes it ([`attach_upload`]). Uploads that no
//!   trace has taken are deleted after an hour; each player has a small number of them, and the oldest are deleted first.
//! - A recording that is sent with its trace ([`Packer`], [`insert_recording`]) is stored in the trace's transaction.
//! - A recording never changes, so clients can cache it for ever.

mod api;
mod format;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::RecordingsApi,
    format::LATEST_MS,
    model::{CODEC, IncomingRecording, PackedRecording, RecordingError, RecordingId, v0_frames},
    request::RecordingColumns,
    service::{Packer, Recordings},
    store::{AttachedRecording, attach_upload, insert_recording},
};

/// The steps of packing and unpacking, for benchmarks and fuzzing.
pub mod steps {
    pub use super::{
        format::{
            Limits, Precision, Recording,
            columns::{Column, Columns, RawColumns},
            json_columns::read as read_columns,
            packed::{UnpackError, pack, unpack},
        },
        request::URI_READERS,
    };
}
