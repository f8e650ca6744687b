//! Response bodies, by what they are about.

mod games;
mod invitations;
mod keys;
mod members;
mod studios;

pub use self::{
    games::{GameRegistered, GamesListed},
    invitations::{InvitationAccepted, InvitationsListed, Invited},
    keys::{KeyIssued, KeysListed, KeysResponse},
    members::{MembersListed, RoleChanged},
    studios::{AuditListed, AuditPageResponse, StudioCreated, StudiosListed},
};
