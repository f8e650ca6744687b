//! What requests about players contain.

use poem_openapi::{Object, types::Example};
use uuid::Uuid;

use super::model::{DeviceDigest, DisplayName, LinkCode, PlayerError, TokenClient};
use crate::{
    http::{client::Client, idempotency_key::IdempotencyKey},
    identity::examples,
    platform::{
        codec::fields::{BodyReader, Fields},
        secret::Secret,
    },
};

/// Players whose names one request may ask for.
const NAMES_PER_REQUEST: usize = 100;

/// The longest author of a trace, in bytes.
const AUTHOR_BYTES: usize = 64;

/// The refresh token in examples.
pub const EXAMPLE_REFRESH_TOKEN: &str = "rt_6f1d0c7be2a94d5f8b3a7c60e1f2d4a96f1d0c7be2a94d5f8b3a7c60e1f2d4a9";

/// The link code in examples.
pub const EXAMPLE_LINK_CODE: &str = "7M2K-Q0V9";

/// The id of a player in a path.
///
/// # Errors
/// [`PlayerError::NotFound`]: text that is no UUID is no player's id.
pub fn parse_player_id(text: &str) -> Result<Uuid, PlayerError> {
    text.parse().map_err(|_| PlayerError::NotFound)
}

impl TokenClient {
    /// The client of a request for tokens.
    pub fn new(client: Client, key: IdempotencyKey<'_>) -> Self {
        let Client { address, agent } = client;
        Self { address, agent, idempotency_key: key.unless_empty().map(str::to_owned) }
    }
}

/// A device that signs in.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerSignIn")]
pub struct PlayerRequest {
    /// Makes the device the same player each time: 16 to 128 bytes that nobody can guess, since whoever knows them is that
    /// player. Absent: a new player each time.
    #[oai(validator(max_length = 128))]
    device_id: Option<String>,
    /// Sets the player's display name, as `PATCH /v1/players/me` does; ignored where a moderator has locked it. Absent: it stays
    /// as it is.
    #[oai(validator(max_length = 32))]
    display_name: Option<String>,
}

impl Example for PlayerRequest {
    fn example() -> Self {
        let device_id = Some("2f9c1b7e-55c4-4f0e-9f5d-6f6a3c1d8e42".to_owned());
        Self { device_id, display_name: Some(examples::display_name()) }
    }
}

impl PlayerRequest {
    /// Reads the device and the display name from a body.
    pub fn read(body: &[u8]) -> Result<(Option<DeviceDigest>, Option<DisplayName>), PlayerError> {
        let mut fields = Fields::read(body)?;
        let device = fields.optional_text("device_id", DeviceDigest::parse);
        let name = fields.optional_text("display_name", DisplayName::parse);
        fields.done(device.zip(name)).map_err(PlayerError::Invalid)
    }
}

/// What a player changes of themselves.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerChange")]
pub struct PlayerChangeRequest {
    /// What others call the player: 1 to 32 characters, none of which controls the text around it; white space around it is
    /// removed. Names are not unique. Empty or `null`: the player has no name. Absent: it stays as it is.
    #[oai(validator(max_length = 32))]
    display_name: Option<String>,
}

impl Example for PlayerChangeRequest {
    fn example() -> Self {
        Self { display_name: Some(examples::display_name()) }
    }
}

impl PlayerChangeRequest {
    /// Reads the new display name from a body: nothing where it stays as it is, and within that nothing where it is removed.
    #[expect(clippy::option_option, reason = "unchanged, removed, set")]
    pub fn read(body: &[u8]) -> Result<Option<Option<DisplayName>>, PlayerError> {
        let mut fields = Fields::read(body)?;
        let is_present = fields.is_present("display_name");
        let name = fields.optional_text("display_name", DisplayName::parse);
        fields.refuse_others();
        let change = name.map(|name| is_present.then_some(name));
        fields.done(change).map_err(PlayerError::Invalid)
    }
}

/// The players whose display names are asked for.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerNamesQuery")]
pub struct PlayerNamesRequest {
    /// Their ids: the `author` of traces. Who is no player of this world has no name.
    #[oai(validator(min_items = 1, max_items = 100))]
    player_ids: Vec<String>,
}

impl Example for PlayerNamesRequest {
    fn example() -> Self {
        Self { player_ids: vec![examples::player(), examples::legacy_name()] }
    }
}

impl PlayerNamesRequest {
    /// Reads the ids from a body. Authors that are no player's id, as those of v0 clients, are left out.
    pub fn read(body: &[u8]) -> Result<Vec<Uuid>, PlayerError> {
        let mut fields = Fields::read(body)?;
        let ids = fields.optional_texts("player_ids", |text| {
            if text.len() > AUTHOR_BYTES {
                return Err(format!("is {} bytes long; at most {AUTHOR_BYTES}", text.len()));
            }
            Ok(text.parse::<Uuid>().ok())
        });
        match &ids {
            Some(None) => fields.wrong("player_ids", "is missing"),
            Some(Some(ids)) if ids.len() > NAMES_PER_REQUEST => {
                fields.wrong("player_ids", format!("has {} items; at most {NAMES_PER_REQUEST}", ids.len()));
            }
            _ => {}
        }
        fields.refuse_others();
        let ids = ids.flatten().map(|ids| ids.into_iter().flatten().collect());
        fields.done(ids).map_err(PlayerError::Invalid)
    }
}

/// A refresh token.
#[derive(Debug, Object)]
#[oai(example, rename = "RefreshToken")]
pub struct RefreshRequest {
    /// The refresh token of the last sign-in or refresh.
    refresh_token: String,
    /// The device's id, if it signed in with one: so it is known as the same device on another network too.
    #[oai(validator(max_length = 128))]
    device_id: Option<String>,
}

impl Example for RefreshRequest {
    fn example() -> Self {
        Self { refresh_token: EXAMPLE_REFRESH_TOKEN.to_owned(), device_id: None }
    }
}

impl RefreshRequest {
    /// Reads the token and the device from a body.
    pub fn read(body: &[u8]) -> Result<(Secret, Option<DeviceDigest>), PlayerError> {
        let mut fields = Fields::read(body)?;
        let token = fields.text("refresh_token", |text| Ok(Secret::new(text)));
        let device = fields.optional_text("device_id", DeviceDigest::parse);
        fields.done(token.zip(device)).map_err(PlayerError::Invalid)
    }
}

/// A code that the game shows.
#[derive(Debug, Object)]
#[oai(example, rename = "EnteredLinkCode")]
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

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("PlayerRequest", |body| PlayerRequest::read(body).is_ok()),
    ("PlayerChangeRequest", |body| PlayerChangeRequest::read(body).is_ok()),
    ("PlayerNamesRequest", |body| PlayerNamesRequest::read(body).is_ok()),
    ("RefreshRequest", |body| RefreshRequest::read(body).is_ok()),
    ("LinkRequest", |body| LinkRequest::read(body).is_ok()),
];
