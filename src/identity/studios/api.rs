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
use crate::http::problem::Answers;

/// Error statuses of listing what a user sees.
struct Listing;

impl Answers for Listing {
    const STATUSES: &'static [u16] = &[401, 503];
}

/// Error statuses of reading something of a studio.
struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

/// Error statuses of reading a page, or as a caller who names the world in the query.
struct Paging;

impl Answers for Paging {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// Error statuses of a change without a body.
struct Deleting;

impl Answers for Deleting {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 503];
}

/// Error statuses of a change with a body.
struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

/// Error statuses of a change with a body that is limited by address or network.
struct Inviting;

impl Answers for Inviting {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503];
}
