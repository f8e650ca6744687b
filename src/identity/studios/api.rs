//! The routes of studios, by what they are about; and what they have in common.

mod games;
mod invitations;
mod keys;
mod members;
mod studios;

pub use self::{
    games::GamesApi,
    invitations::InvitationsApi,
    keys::{KeysApi, administered_game},
    members::MembersApi,
    studios::StudiosApi,
};
