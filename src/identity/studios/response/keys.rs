//! Responses about keys.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::TIME;
use crate::{
    http::no_store::NoStore,
    identity::studios::model::{IssuedKey, Key},
    platform::clock,
};

impl FromIterator<Key> for KeysResponse {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Self { items: keys.into_iter().map(KeyResponse::from).collect() }
    }
}

/// The keys of a game.
#[derive(Debug, Object)]
#[oai(example)]
pub struct KeysResponse {
    /// The oldest first.
    items: Vec<KeyResponse>,
}

impl Example for KeysResponse {
    fn example() -> Self {
        Self { items: vec![KeyResponse::example()] }
    }
}

/// A key, without its secret.
#[derive(Debug, Object)]
#[oai(example)]
pub struct KeyResponse {
    /// Its id, which is part of the key and no secret.
    id: String,
    /// `publishable` or `secret`.
    kind: String,
    /// `live` or `dev`.
    environment: String,
    /// What it may do: `read`, `write`, `moderate`, `admin`.
    scopes: Vec<String>,
    /// What its owner calls it.
    label: String,
    /// When it was issued (RFC 3339).
    created_at: String,
    /// When it was last used, to about a minute; absent if never.
    #[oai(skip_serializing_if_is_none)]
    last_used_at: Option<String>,
    /// When it was revoked; absent if it was not.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<String>,
}

impl From<Key> for KeyResponse {
    fn from(key: Key) -> Self {
        Self {
            scopes: key.permissions.names().map(str::to_owned).collect(),
            id: key.id,
            kind: key.kind.name().to_owned(),
            environment: key.environment.name().to_owned(),
            label: key.label,
            created_at: clock::format(key.created_at_ms),
            last_used_at: key.last_used_at_ms.map(clock::format),
            revoked_at: key.revoked_at_ms.map(clock::format),
        }
    }
}

impl Example for KeyResponse {
    fn example() -> Self {
        Self {
            id: "7m2k0qv9x4ta".to_owned(),
            kind: "publishable".to_owned(),
            environment: "live".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            label: "in the game since 1.2".to_owned(),
            created_at: TIME.to_owned(),
            last_used_at: Some("2026-11-21T09:30:00Z".to_owned()),
            revoked_at: None,
        }
    }
}

/// A key that was just issued.
#[derive(Debug, Object)]
#[oai(example)]
pub struct IssuedKeyResponse {
    /// The whole key. It can't be read again.
    pub secret: String,
    /// What can be read of it from now on.
    pub key: KeyResponse,
}

impl Example for IssuedKeyResponse {
    fn example() -> Self {
        let secret = "ck_live_7m2k0qv9x4ta_3d8s0c5w1n7r2v9k4q6x0t3b8h".to_owned();
        Self { secret, key: KeyResponse { last_used_at: None, ..KeyResponse::example() } }
    }
}

#[derive(ApiResponse)]
pub enum KeysListed {
    /// The keys.
    #[oai(status = 200)]
    Ok(NoStore<KeysResponse>),
}

#[derive(ApiResponse)]
pub enum KeyIssued {
    /// The key. Its secret can't be read again.
    #[oai(status = 201)]
    Created(NoStore<IssuedKeyResponse>),
}

impl KeyIssued {
    pub fn new(issued: &IssuedKey, key: Key) -> Self {
        let secret = issued.text.expose().to_owned();
        Self::Created(NoStore(IssuedKeyResponse { secret, key: key.into() }))
    }
}

#[derive(ApiResponse)]
pub enum KeyRevoked {
    /// Within a second it opens nothing any more.
    #[oai(status = 204)]
    NoContent,
}
