//! A trace itself: what the features around it share.
//!
//! - what is stored of a trace ([`Trace`], [`Detail`]), and how the frames of a v0 phantom are packed ([`frame_codec`]);
//! - its counters (votes, uses, reports), its score, and its removal with everything that depends on it;
//! - the events of which its author is notified;
//! - its form under `/v1` ([`TraceResponse`]).

mod author_kind;
mod detail;
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
    author_kind::AuthorKind,
    detail::{Detail, RecordingSummary, Sentence},
    frame_codec::Frames,
    group::GroupKey,
    inbox_event::{InboxEvent, USE_WINDOW},
    model::{
        COORDINATE_LIMIT, FRAMES_LIMIT, NAME_BYTES, NewTrace, Packed, RECORDING_BYTES, TraceError, position_of,
        rotation_of,
    },
    response::TraceResponse,
    score::score,
    store::{
        ADD_OWN_COUNTS, FoundTraces, OwnCount, OwnCountChanges, TraceCounters, change_own_counts, end_of_range,
        is_claimed, is_own,
    },
    stored::Trace,
};
