//! Studios, their members, their games, and the keys that open the games' worlds.
//!
//! - A studio is a tenant: the data of its games is in tables of its own. A game has a world in each environment, live and
//!   dev, in those tables.
//! - A key opens one game in one environment, with its permissions; one that ships inside a game (publishable) never
//!   administers. A key is shown once, when it is issued; only its SHA-256 is stored.
//! - A key is rotated by issuing a successor, and revoking the old one when nothing uses it any more: two keys of a family are
//!   valid at once, never three.
//! - Keys are looked up in memory (`keyring`). A revoked one opens nothing within a second, on any instance.
//! - A game has settings in each environment, whose content another domain knows ([`GameSettingsPort`]). They are changed in
//!   one transaction with the audit log, and exported, imported and deleted with the studio; every instance knows of a change
//!   within a second.
//! - Members act for a studio in their role ([`Role`](crate::identity::access::Role)); others do not learn whether it
//!   exists. A studio that has members has an owner: the last one can't leave, get another role or delete the account. Members
//!   join by invitation.
//! - The audit log records who did what, in the transaction that does it, and is never changed.

mod api;
mod config;
mod directory;
mod keyring;
mod model;
mod ports;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{GamesApi, InvitationsApi, KeysApi, MembersApi, StudiosApi, administered_game},
    config::StudiosConfig,
    directory::GameDirectory,
    keyring::{CHANNEL, Settings as KeyringSettings},
    model::{
        ActingMember, Actor, AuditEntry, Game, Invitation, IssuedKey, Key, Member, NamedGame, NewInvitation, NewKey,
        Slug, Studio, StudioError, StudioStatus, Title,
    },
    ports::{EnsureWorld, GameSettingsPort, Ports},
    service::{Settings, StudioExport, StudioImport, Studios},
    store::SettingsTx,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{request::BODY_READERS, service::is_export_line};
}
