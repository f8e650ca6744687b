//! What requests about players contain.

use poem_openapi::{Object, types::Example};
use uuid::Uuid;

use super::model::{DeviceDigest, LinkCode, PlayerError, RefreshTokenDigest};
use crate::platform::codec::fields::Fields;

/// The player id in examples.
pub const EXAMPLE_PLAYER: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";

/// The refresh token in examples.
pub const EXAMPLE_REFRESH_TOKEN: &str = "rt_6f1d0c7be2a94d5f8b3a7c60e1f2d4a96f1d0c7be2a94d5f8b3a7c60e1f2d4a9";

/// The link code in examples.
pub const EXAMPLE_LINK_CODE: &str = "7M2K-Q0V9";

/// An example of a player's id.
pub fn example_player() -> String {
    EXAMPLE_PLAYER.to_owned()
}

/// An example of a legacy name.
pub fn example_legacy_name() -> String {
    "8f14e45f-ceea-467f-a8e2-2d2c1a9b7f30".to_owned()
}

/// The id of a player in a path.
///
/// # Errors
/// [`PlayerError::NotFound`]: text that is no UUID is no player's id.
pub fn parse_player_id(text: &str) -> Result<Uuid, PlayerError> {
    text.parse().map_err(|_| PlayerError::NotFound)
}

/// A device that signs in.
#[derive(Debug, Object)]
#[oai(example)]
pub struct PlayerRequest {
    /// Makes the device the same player each time: 16 to 128 bytes that nobody can guess, since whoever knows them is that
    /// player. Absent: a new player each time.
    device_id: Option<String>,
}

impl Example for PlayerRequest {
    fn example() -> Self {
        Self { device_id: Some("2f9c1b7e-55c4-4f0e-9f5d-6f6a3c1d8e42".to_owned()) }
    }
}

impl PlayerRequest {
    /// Reads the device from a body.
    pub fn read(body: &[u8]) -> Result<Option<DeviceDigest>, PlayerError> {
        let mut fields = Fields::read(body)?;
        let device = fields.optional_text("device_id", DeviceDigest::parse);
        fields.done(device).map_err(PlayerError::Invalid)
    }
}

/// A refresh token.
#[derive(Debug, Object)]
#[oai(example)]
pub struct RefreshRequest {
    /// The refresh token of the last sign-in or refresh.
    refresh_token: String,
}

impl Example for RefreshRequest {
    fn example() -> Self {
        Self { refresh_token: EXAMPLE_REFRESH_TOKEN.to_owned() }
    }
}

impl RefreshRequest {
    /// Reads the token from a body.
    pub fn read(body: &[u8]) -> Result<RefreshTokenDigest, PlayerError> {
        let mut fields = Fields::read(body)?;
        let token = fields.text("refresh_token", |text| Ok(RefreshTokenDigest::of(text)));
        fields.done(token).map_err(PlayerError::Invalid)
    }
}

/// A code that the game shows.
#[derive(Debug, Object)]
#[oai(example)]
pub struct LinkRequest {
    /// The code as it is shown.
    code: String,
}

impl Example for LinkRequest {
    fn example() -> Self {
        Self { code: EXAMPLE_LINK_CODE.to_owned() }
    }
}

impl LinkRequest {
    /// Reads the code from a body.
    pub fn read(body: &[u8]) -> Result<LinkCode, PlayerError> {
        let mut fields = Fields::read(body)?;
        let code = fields.text("code", |text| Ok(LinkCode::parse(text)));
        fields.done(code).map_err(PlayerError::Invalid)
    }
}
