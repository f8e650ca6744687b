//! Types and pure rules of players.

mod display_name;
mod erased;
mod error;
mod link_code;
mod token;
mod token_request;

use std::ops::RangeInclusive;

use uuid::Uuid;

pub use self::{
    display_name::DisplayName,
    erased::{ErasedPlayers, player_digest},
    error::PlayerError,
    link_code::LinkCode,
    token::{RefreshTokenDigest, encode_token, verify_token},
    token_request::{RequestDigest, TokenClient, TokenPurpose, TokenRequest, next_token},
};
use crate::platform::{error::Fault, secret::Secret, token as random};

/// Bytes of a device's id.
const DEVICE_ID_BYTES: RangeInclusive<usize> = 16..=128;

/// Bytes of a legacy name.
const LEGACY_NAME_BYTES: RangeInclusive<usize> = 1..=64;

/// Legacy names that one player may have.
pub const MAX_LEGACY_NAMES: usize = 100;

fn check_length(text: &str, range: &RangeInclusive<usize>) -> Result<(), String> {
    if range.contains(&text.len()) {
        return Ok(());
    }
    Err(format!("is {} bytes long; {} to {}", text.len(), range.start(), range.end()))
}

/// The digest of a device's id. Whoever knows the id is the device's player, so it must not be guessable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceDigest(pub [u8; 32]);

impl DeviceDigest {
    /// The digest of a device's id.
    ///
    /// # Errors
    /// The id is too short or too long; in words.
    pub fn parse(id: &str) -> Result<Self, String> {
        check_length(id, &DEVICE_ID_BYTES)?;
        Ok(Self(random::digest(id)))
    }
}

/// A name under which v0 clients write, their `u_uuid`: a claim, until it is bound to a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyName(String);

impl LegacyName {
    /// The name of this text.
    ///
    /// # Errors
    /// No client can write under it: it is empty, too long, or has a NUL.
    pub fn parse(text: &str) -> Result<Self, PlayerError> {
        let invalid = |detail: String| PlayerError::Invalid(vec![Fault::new("u_uuid", detail)]);
        check_length(text, &LEGACY_NAME_BYTES).map_err(invalid)?;
        if text.contains('\0') {
            return Err(invalid("has a NUL in it".to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The tokens of a player who has signed in.
#[derive(Debug)]
pub struct PlayerTokens {
    /// The player's id.
    pub player: Uuid,
    /// Proves who the player is.
    pub token: Secret,
    /// When the token expires (Unix time in ms).
    pub expires_at_ms: i64,
    /// Gets the next tokens, once.
    pub refresh_token: Secret,
}

/// What is known of a player.
#[derive(Debug)]
pub struct PlayerProfile {
    /// The player's id.
    pub player: Uuid,
    /// The player's display name.
    pub display_name: Option<String>,
    /// When the player was minted (Unix time in ms).
    pub created_at_ms: i64,
    /// The legacy names, in the order in which they were bound.
    pub legacy_names: Vec<String>,
    /// Whether the player belongs to an account.
    pub is_linked: bool,
}

/// A player as stored.
#[derive(Clone, Debug)]
pub struct StoredPlayer {
    /// When the player was minted (Unix time in ms).
    pub created_at_ms: i64,
    /// The player's display name.
    pub display_name: Option<String>,
}

/// A player who has a display name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlayer {
    /// The player's id.
    pub player: Uuid,
    /// The display name.
    pub display_name: String,
}

/// The deck that a player is shown, to be taken modulo the number of decks. Players are spread evenly over the decks, since
/// the last bits of a version 7 UUID are random.
#[must_use]
pub fn deck_of(player: Uuid) -> u16 {
    player.as_bytes().last_chunk().map_or(0, |last| u16::from_be_bytes(*last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_is_neither_guessable_nor_long() {
        assert!(DeviceDigest::parse(&"a".repeat(16)).is_ok() && DeviceDigest::parse(&"a".repeat(128)).is_ok());
        assert!(DeviceDigest::parse(&"a".repeat(15)).is_err() && DeviceDigest::parse(&"a".repeat(129)).is_err());
    }
}
