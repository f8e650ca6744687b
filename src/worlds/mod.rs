//! The engine of a world: what one game has in one environment.
//!
//! - **Ids follow commit order.** Everything that is written to a world raises its row's `seq` in the same transaction and takes
//!   its ids from there. So an id is a cursor, the last id is the world's durable revision, and a reader never misses a row that is
//!   committed late.
//! - **Writes are committed in groups.** [`Worlds`] queues them in a lane for each world. There are two kinds: rows that a domain
//!   inserts in bulk with a statement of its own ([`Insert`]), and [`Command`]s, which run one after another in a transaction that
//!   has locked the world ([`WorldTx`]).
//! - **The change log** records changes and removals of traces, each under the next number of the world's sequence.
//! - **What is stored is bounded** by world and studio ([`storage`]).
//! - **Changes are announced** to all instances, and each tracks the ids that it knows (`revision_tracker`). A periodic check of the
//!   durable revisions finds changes whose announcement was lost (`monitor`).
//!
//! The engine knows no kind of trace and no tables but `world`, `change` and `storage_use`. A domain gives the type of its bulk inserts as a type
//! parameter, and registers listeners for changes.

mod announcement;
mod command;
mod committer;
mod config;
mod insert;
mod job;
mod model;
mod monitor;
mod revision_tracker;
mod service;
pub mod storage;
mod store;
mod tenants;

pub use self::{
    announcement::CHANNEL,
    command::Command,
    committer::retry_races,
    config::WorldsConfig,
    insert::{Insert, Inserted, Recent},
    model::{
        ChangeReason, InsertOutcome, Revision, ScopeKey, SilentChanges, TraceLocation, WorldChange, WorldError,
        WorldKey,
    },
    revision_tracker::RecentBatches,
    service::{Settings, Worlds},
    store::{
        Admission, CHANGES_LIMIT, LOCK, LoggedChange, RAISE_SEQ, RevisionRow, SET_SEQ, ScopeRow, WorldHead, WorldNames,
        WorldStore, WorldTx, ensure_world, has_changes, in_scopes, select_changes, select_changes_of, select_head,
        select_names, tenant_tables, world_not_found,
    },
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use crate::worlds::announcement::Announcement;
}
