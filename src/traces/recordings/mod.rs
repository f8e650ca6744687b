//! Recordings: the frames of a run, sent before the trace that they belong to, and fetched by id.
//!
//! - What is sent is read whole and checked before anything is stored, and stored as this program packs it, whatever form
//!   it came in: nobody is ever shown bytes that another client made.
//! - A recording is its uploader's until a trace of that player takes it along ([`attach`]), once. One that no trace takes
//!   goes after an hour; a player has a few of them at most, and the oldest go first.
//! - A trace may also bring its recording along when it is left ([`Packer`], [`bring`]): both are stored, or neither.
//! - A recording never changes, so whoever has it need not ask again.

mod api;
mod format;
mod model;
mod service;
mod store;

pub use self::{
    api::{RecordingRequest, RecordingsApi},
    model::{Brought, CODEC, Ready, RecordingError, RecordingId, v0_frames},
    service::{Packer, Recordings},
    store::{Attached, attach, bring},
};

/// Single steps of the path to the store, for benchmarks, and for whoever feeds them with bytes at random.
pub mod steps {
    pub use super::format::{
        Limits, Precision, Recording,
        columns::{Column, Columns, Draft},
        packed::{Unpackable, pack, unpack},
    };
}
