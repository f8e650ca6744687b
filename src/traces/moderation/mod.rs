//! Moderation: reports of traces, hidden traces, banned players, and the authors whom a player has hidden.
//!
//! - A player reports a trace once; a second report replaces the first. When as many players have reported a trace as the
//!   game's rules say, it is hidden and leaves every snapshot.
//! - A moderator hides, restores or removes traces, bans players, and removes their display names. Hiding and restoring settle the existing reports: they no
//!   longer count, and neither do later ones by the same players, until the author changes the trace.
//! - A moderator's action is written to the studio's audit log before it takes effect.
//! - Bans are checked inside the transaction of the command that they forbid ([`authorize_all`], [`active_ban`]), so that no
//!   command slips past a ban that was committed before it.
//! - The list of authors that a player has hidden is stored for the client, which leaves their traces out.

mod api;
mod commands;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::ModerationApi,
    commands::authorize_all,
    model::{Ban, Interaction, InteractionError, ModerationError},
    request::InGroup,
    service::Moderation,
    store::{active_ban, delete_settled_reports},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
