//! Moderation: reports of traces, hidden traces, banned players, and the authors whom a player has hidden.
//!
//! - A player reports a trace once; a second report replaces the first. When its reports weigh as much as the game's
//!   rules say, it is hidden and leaves every snapshot. They weigh as votes do, and by the reporter's record with moderators.
//! - A moderator hides, restores or removes traces, bans players and claimed authors, and removes their display names. Hiding and restoring settle the existing reports, and
//!   later ones hide nothing until the author changes the trace.
//! - A moderator's action is written to the studio's audit log before it takes effect.
//! - Bans are checked by the [gate](super::gate), inside the transaction of the command that they forbid ([`authorize_all`]), so that
//!   no command slips past a ban that was committed before it.
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
    commands::{authorize_all, reopen},
    model::{Interaction, InteractionError, ModerationError},
    request::InGroup,
    service::Moderation,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
