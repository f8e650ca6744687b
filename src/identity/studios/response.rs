//! Response bodies, by what they are about.

mod games;
mod invitations;
mod keys;
mod members;
mod studios;

pub use self::{
    games::{GameRegistered, GamesListed, example_game},
    invitations::{InvitationAccepted, InvitationWithdrawn, InvitationsListed, Invited},
    keys::{KeyIssued, KeyRevoked, KeysListed, KeysResponse},
    members::{MemberRemoved, MembersListed, RoleChanged},
    studios::{AuditListed, AuditPageResponse, StudioCreated, StudiosListed},
};

/// The time of the examples.
const TIME: &str = "2026-11-21T08:00:00Z";

/// The user of the examples.
const USER: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";
