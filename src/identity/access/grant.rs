//! What a caller may reach: the world that a key opens, and worlds that anyone may read.

use std::sync::Arc;

use super::{Environment, KeyKind, Permissions};
use crate::platform::db::StudioId;

/// The world that a key opens, and the key's permissions there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The key's id, which is not secret.
    pub key: Arc<str>,
    /// The key's kind.
    pub kind: KeyKind,
    /// The studio whose key it is.
    pub studio: StudioId,
    /// The game's name in addresses.
    pub game: Arc<str>,
    /// The game's environment.
    pub environment: Environment,
    /// The world's id in the studio's tables.
    pub world: i32,
    /// What the key may do there.
    pub permissions: Permissions,
}

/// A world that anyone may read who names its game, because the game's settings allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicWorld {
    /// The studio whose game it is.
    pub studio: StudioId,
    /// The game's name in addresses.
    pub game: Arc<str>,
    /// The game's environment.
    pub environment: Environment,
    /// The world's id in the studio's tables.
    pub world: i32,
}
