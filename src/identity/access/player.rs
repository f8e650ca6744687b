//! The identity of a player.

use uuid::Uuid;

use crate::platform::db::StudioId;

/// A player of one world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Player {
    /// The studio whose game it is.
    pub studio: StudioId,
    /// The world's id in the studio's tables.
    pub world: i32,
    /// The player's id.
    pub id: Uuid,
}
