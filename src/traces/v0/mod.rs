//! v0: the two routes of the first clients, kept for ever.
//!
//! `POST /add-object` leaves an object, a message and a phantom together or not at all; `GET /get-objects` shows the newest of a
//! scope. Texts come back byte for byte.
//!
//! - A trace is acknowledged only after COMMIT. With an `Idempotency-Key` it is stored once, however often it is sent.
//! - Requests of one world are stored together by one statement ([`store`]'s `insert`).
//! - Reads are served from snapshots ([`snapshot`]), refreshed from recently inserted rows ([`recent`]) or the database.

mod api;
mod model;
mod recent;
mod refresh;
mod request;
mod response;
mod service;
mod snapshot;
mod store;

pub use self::{
    api::V0Api,
    model::NewTraces,
    request::{AddObjectRequest, V0Message, V0Object, V0Phantom, check_shown, read_frames},
    service::{Settings, V0, check_idempotency_key},
};

/// Single steps of a trace's way, for the benchmarks.
pub mod steps {
    pub use super::{request::read, snapshot::View, store::SnapshotRow};
    pub use crate::traces::trace::{
        NewTrace, Packed,
        frame_codec::{Frame, Frames, pack, pack_run, unpack},
    };
}
