//! Who may do what: roles, permissions and keys, and the extractors that find the caller of a request ([`request`]).
//!
//! The types here know neither HTTP nor the database. The permissions (read, write, moderate, admin) say what a key or a
//! member may do in a world; every domain demands one of these for each of its operations.

mod actor;
mod ban;
pub mod config;
mod environment;
mod grant;
mod key;
mod permission;
mod player;
pub mod rate_classes;
pub mod request;
pub mod response;
mod role;
mod studio_access;
mod user_id;

pub use self::{
    actor::Actor,
    ban::{Ban, ModerationReason, forbids},
    environment::Environment,
    grant::{Grant, PublicWorld},
    key::{KeyKind, KeyRefused},
    permission::{Permission, Permissions},
    player::Player,
    role::Role,
    studio_access::{Principal, StudioAccess},
    user_id::UserId,
};
