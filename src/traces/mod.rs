//! Traces: what players leave in a world, and what others meet of it.
//!
//! The seed's two routes stand here: `POST /add-object` leaves an object, a message and a phantom together or not at
//! all, `GET /get-objects` shows the newest of a scope. Strings come back byte for byte.
//!
//! - Ids follow commit order: a batch raises its world's `seq` in the transaction that stores it and takes its ids from
//!   there. So an id is a cursor, and the last one is the world's revision.
//! - A trace is acknowledged only after COMMIT. With an `Idempotency-Key` it is stored once, however often it is sent.
//! - Reading is served from snapshots (`view`); what changed is inbox_event to all instances (`news`), which keep account of it
//!   (`revision_tracker`).
//! - Whole stores come in and go out in the native form (`native`, `transfer`): each source id once.
//! - Many worlds of many studios are served; a key opens one of them, and without a key there is the open world, where that
//!   is on. Each studio's data is opened when it is first needed (`stores`).
//! - All else that is done to a world is an act (`store::commands`), in a transaction that has the world to itself.
//! - The oldest traces of a scope go when there are more than the game keeps, and those whose time is over (`upkeep`).

mod api;
pub mod authoring;
mod behind;
mod config;
pub mod decks;
mod examples;
pub mod feed;
mod group;
pub mod inbox;
mod inbox_event;
mod intake;
mod job;
mod kind;
mod metrics;
mod model;
pub mod moderation;
mod native;
mod news;
mod recording;
pub mod recordings;
mod revision_tracker;
mod score;
pub mod search;
mod seed;
mod service;
pub mod settings;
mod shown;
mod store;
mod stores;
mod tags;
mod trace;
mod transfer;
mod trim_queue;
mod upkeep;
mod view;
pub mod voting;

pub use self::{
    api::{TracesApi, TransferApi},
    behind::Settings,
    config::{OpenWorld, TracesConfig},
    group::GroupKey,
    inbox_event::{InboxEvent, USE_WINDOW},
    kind::TraceKind,
    metrics::TraceMetrics,
    model::{COORDINATE_LIMIT, Progress, Reason, ScopeKey, TraceError, WorldKey},
    news::{CHANNEL, WorldChange},
    score::score,
    seed::{AddObjectRequest, V0Message, V0Object, V0Phantom},
    service::{Traces, check_key},
    shown::{Detail, Recorded, Sentence, TraceResponse},
    store::{Command, TraceCounters, TraceLocation, WorldTx, tenant_tables, world_tables},
    trace::Trace,
    transfer::{Line, Walk},
};

/// Single steps of the way of a trace, for the benchmarks.
pub mod steps {
    pub use super::{
        model::{NewTrace, Packed},
        recording::{Frame, Frames, pack, pack_run, unpack},
        seed::read,
        store::Shown,
        view::View,
    };
}
