//! A trace itself: what every feature around it needs to know.
//!
//! - what is stored of a trace and how a v0 phantom's frames are packed ([`frame_codec`]);
//! - its counters (votes, uses, reports), its score, and how it is removed with all that depends on it;
//! - what its author is told;
//! - how `/v1` shows it.

pub mod frame_codec;
mod group;
mod inbox_event;
mod model;
mod response;
mod score;
mod store;
mod stored;

pub(in crate::traces) use self::store::is_scored;
pub use self::{
    frame_codec::Frames,
    group::GroupKey,
    inbox_event::{InboxEvent, USE_WINDOW},
    model::{COORDINATE_LIMIT, FRAMES_LIMIT, NAME_BYTES, NewTrace, Packed, RECORDING_BYTES, TraceError, position_of},
    response::{Detail, Recorded, Sentence, TraceResponse},
    score::score,
    store::TraceCounters,
    stored::Trace,
};
