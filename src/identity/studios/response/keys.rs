//! Responses about keys.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::{Environment, KeyKind, Permission},
        examples::{self, TIME_MS},
        studios::model::{IssuedKey, Key},
    },
};

impl FromIterator<Key> for KeysResponse {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Self { items: keys.into_iter().map(KeyResponse::from).collect() }
    }
}

/// The keys of a game.
#[derive(Debug, Object)]
#[oai(example, rename = "KeyList")]
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
#[oai(example, rename = "Key")]
pub struct KeyResponse {
    /// Its id, which is part of the key and no secret.
    id: String,
    /// Whether it ships inside the game, or stays with the studio's servers.
    kind: OneOf<KeyKind>,
    /// Which of the game's worlds it opens.
    environment: OneOf<Environment>,
    /// What it may do.
    scopes: Vec<OneOf<Permission>>,
    /// What its owner calls it; empty where they said nothing.
    #[oai(validator(max_length = 100))]
    label: String,
    /// When it was issued.
    created_at: Timestamp,
    /// When it was last used, to about a minute; absent if never.
    #[oai(skip_serializing_if_is_none)]
    last_used_at: Option<Timestamp>,
    /// When it was revoked; absent if it was not.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<Timestamp>,
}

impl From<Key> for KeyResponse {
    fn from(key: Key) -> Self {
        Self {
            scopes: key.permissions.iter().map(OneOf).collect(),
            id: key.id,
            kind: OneOf(key.kind),
            environment: OneOf(key.environment),
            label: key.label,
            created_at: Timestamp(key.created_at_ms),
            last_used_at: key.last_used_at_ms.map(Timestamp),
            revoked_at: key.revoked_at_ms.map(Timestamp),
        }
    }
}

impl Example for KeyResponse {
    fn example() -> Self {
        Self {
            id: examples::key(),
            kind: OneOf(KeyKind::Publishable),
            environment: OneOf(Environment::Live),
            scopes: vec![OneOf(Permission::Read), OneOf(Permission::Write)],
            label: "in the game since 1.2".to_owned(),
            created_at: Timestamp(TIME_MS),
            last_used_at: Some(Timestamp(TIME_MS + 90 * 60_000)),
            revoked_at: None,
        }
    }
}

/// A key that was just issued.
#[derive(Debug, Object)]
#[oai(example, rename = "IssuedKey")]
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
