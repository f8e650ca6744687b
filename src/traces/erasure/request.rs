//! What requests about the erasure of players contain.

use uuid::Uuid;

use super::model::ErasureError;
use crate::identity::players::PlayerError;

/// The id of a player in a path.
///
/// # Errors
/// [`PlayerError::NotFound`]: text that is no UUID is no player's id.
pub fn player_id(text: &str) -> Result<Uuid, ErasureError> {
    text.parse().map_err(|_| PlayerError::NotFound.into())
}
