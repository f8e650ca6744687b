//! v0: the two routes of the first clients, kept for good.
//!
//! `POST /add-object` leaves an object, a message and a phantom, all of them or none; `GET /get-objects` returns the newest traces
//! of a scope. Texts are returned byte for byte.
//!
//! - A trace is acknowledged only after COMMIT. With an `Idempotency-Key` it is stored once, however often the request is sent.
//! - Requests of one world are stored together by one statement (`store`'s `insert`).
//!   If a batch does not fit into what the world may store, each of its requests is stored by itself (`commands`), after it has made
//!   room.
//! - Reads are served from snapshots (`snapshot`), refreshed from recently inserted rows (`recent`) or the database.

mod api;
mod body;
mod bulk_insert;
mod commands;
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
    body::{check_v0_body, read_frames, with_integers},
    model::NewTraces,
    request::{AddObjectRequest, V0Message, V0Object, V0Phantom},
    service::{Settings, V0, check_idempotency_key},
};

/// Single steps of a request, for benchmarks and fuzzing.
pub mod steps {
    pub use super::{body::read, model::SnapshotTrace, recent::RecentTrace, request::URI_READERS, snapshot::View};
    pub use crate::traces::trace::{
        NewTrace, Packed,
        frame_codec::{Frame, Frames, pack, pack_run, unpack},
    };
}
