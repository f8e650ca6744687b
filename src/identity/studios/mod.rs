//! Studios, who belongs to them, their games, and the keys that open the games' worlds.
//!
//! - A studio is a tenant: what its players leave lies in tables of its own. A game has a world in each environment, live
//!   and dev, in those tables.
//! - A key opens one game in one environment, and may do there what its scopes say; what ships inside a game
//!   (publishable) never administers. A key is seen whole once, when it is minted; kept is its SHA-256.
//! - A key is rotated by minting a successor and revoking the old one when nothing uses it any more: two of a family are
//!   valid at once, never three.
//! - Keys are looked up in memory (`keyring`). A revoked one opens nothing within a second, on any instance.
//! - A game decides some things about its traces (`rules`), in each environment for itself; what it has decided is in memory
//!   too, and every instance knows of a change within a second.
//! - Members act for a studio as what they are to it (`platform::access::Role`); who is none does not learn that it is
//!   there. A studio that has members has an owner: the last one can't leave, nor become something less, nor delete the
//!   account. Members come by invitation.
//! - Who did what is written down in the transaction that does it, and is never changed.

mod api;
mod bodies;
mod config;
mod founding;
mod invitations;
mod keyring;
mod members;
mod model;
mod moving;
mod rulebook;
mod rules;
mod service;
mod shown;
mod store;
mod wire;

pub use self::{
    api::{GamesApi, MembersApi, StudiosApi},
    config::StudiosConfig,
    keyring::{CHANNEL, Settings as KeyringSettings},
    model::{
        Actor, AuditEntry, Game, Invitation, Key, Listed, Member, Minted, NewInvitation, NewKey, Slug, Standing,
        Studio, StudioError, Title,
    },
    moving::{Incoming, Outgoing},
    rules::Change,
    service::{Settings, Studios},
};
