//! Traces: what players leave in a world, and what others meet of it.
//!
//! The seed's two routes stand here: `POST /add-object` leaves an object, a message and a phantom together or not at
//! all, `GET /get-objects` shows the newest of a scope. Strings come back byte for byte.
//!
//! - Ids follow commit order: a batch raises its world's `seq` in the transaction that stores it and takes its ids from
//!   there. So an id is a cursor, and the last one is the world's revision.
//! - A trace is acknowledged only after COMMIT. With an `Idempotency-Key` it is stored once, however often it is sent.
//! - Reading is served from snapshots (`view`); what changed is told to all instances (`news`), which keep account of it
//!   (`heard`).
//! - Whole stores come in and go out in the native form (`native`, `transfer`): each source id once.
//! - Many worlds of many studios are served; a key opens one of them, and without a key there is the open world, where that
//!   is on. Each studio's data is opened when it is first needed (`stores`).
//! - All else that is done to a world is an act (`store::acts`), in a transaction that has the world to itself.
//! - The oldest traces of a scope go when there are more than the game keeps, and those whose time is over (`upkeep`).

mod api;
mod behind;
mod group;
mod grown;
mod heard;
mod intake;
mod job;
mod model;
mod native;
mod news;
mod recording;
mod score;
mod seed;
mod service;
mod shown;
mod store;
mod stores;
mod told;
mod transfer;
mod upkeep;
mod view;

pub use self::{
    api::{TracesApi, TransferApi},
    behind::Settings,
    group::GroupKey,
    model::{COORDINATE_LIMIT, Progress, Reason, ScopeKey, TraceError, WorldKey},
    news::{CHANNEL, News},
    score::score,
    seed::{SeedBody, SeedMessage, SeedObject, SeedPhantom},
    service::{Traces, check_key},
    shown::{Detail, Recorded, Sentence, ShownTrace},
    store::{Act, Acting, Lying, Standing},
    told::{Told, USE_COUNTS},
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
