//! What a key can learn of its game.

use poem_openapi::{
    Object, OpenApi,
    param::Path,
    payload::{Json, Response},
    types::Example,
};

use super::{
    model::{Key, StudioError},
    service::Studios,
};
use crate::{
    http::{
        auth::{Keyed, allowed, private},
        docs::Tag,
        problem::{Answers, Failure, Problem},
    },
    platform::{clock, permit::Scope},
};

/// The routes of studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StudiosApi {
    /// The feature.
    pub studios: Studios,
}

impl From<StudioError> for Problem {
    fn from(error: StudioError) -> Self {
        let (kind, code) = error.kind();
        match error {
            StudioError::Store(cause) => Self::from(&cause),
            StudioError::Schema(_) | StudioError::NoRandomness(_) => {
                tracing::error!(%error, "studios can't be read or changed");
                Self::internal()
            }
            _ => Self::new(kind, code, error.to_string()),
        }
    }
}

struct Knowing;

impl Answers for Knowing {
    const STATUSES: &'static [u16] = &[401, 403, 503];
}

struct Administering;

impl Answers for Administering {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl StudiosApi {
    /// The game that the key opens
    ///
    /// Which game and environment it is, and what the key may do there.
    #[oai(path = "/game", method = "get", operation_id = "getGame")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_game(&self, caller: Keyed) -> Result<Response<Json<ShownGame>>, Failure<Knowing>> {
        let grant = allowed(&caller.0, Scope::Read)?;
        Ok(private(Json(ShownGame {
            game: grant.game.to_string(),
            environment: grant.environment.name().to_owned(),
            key: grant.key.to_string(),
            kind: grant.kind.name().to_owned(),
            scopes: grant.scopes.names().map(str::to_owned).collect(),
        })))
    }

    /// The keys of a game
    ///
    /// Those of the environment of the key that asks, revoked ones too, the oldest first. Needs a secret key of that game
    /// with the scope `admin`.
    #[oai(path = "/games/:game/keys", method = "get", operation_id = "listKeys")]
    async fn list_keys(
        &self,
        caller: Keyed,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<KeyList>>, Failure<Administering>> {
        let grant = allowed(&caller.0, Scope::Admin)?;
        if *game.0 != *grant.game {
            // Of another game the key shall not even learn that it is there.
            return Err(StudioError::NoGame(game.0).into());
        }
        let game = self.studios.game(grant.studio, &grant.game).await?;
        let keys = self.studios.keys(grant.studio, Some(&game)).await?;
        let of_its_environment = keys.into_iter().filter(|key| key.environment == grant.environment);
        Ok(private(Json(KeyList { items: of_its_environment.map(ShownKey::of).collect() })))
    }
}

fn example_game() -> String {
    "moss".to_owned()
}

/// A game as its key sees it.
#[derive(Debug, Object)]
#[oai(example)]
struct ShownGame {
    /// The game's name in addresses.
    game: String,
    /// `live` or `dev`.
    environment: String,
    /// The id of the key.
    key: String,
    /// `publishable` or `secret`.
    kind: String,
    /// What the key may do: `read`, `write`, `admin`.
    scopes: Vec<String>,
}

impl Example for ShownGame {
    fn example() -> Self {
        Self {
            game: example_game(),
            environment: "live".to_owned(),
            key: "7m2k0qv9x4ta".to_owned(),
            kind: "publishable".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
        }
    }
}

/// The keys of a game.
#[derive(Debug, Object)]
#[oai(example)]
struct KeyList {
    /// The oldest first.
    items: Vec<ShownKey>,
}

impl Example for KeyList {
    fn example() -> Self {
        let key = ShownKey {
            id: "7m2k0qv9x4ta".to_owned(),
            kind: "publishable".to_owned(),
            environment: "live".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            label: "in the game since 1.2".to_owned(),
            created_at: "2026-11-21T08:00:00Z".to_owned(),
            last_used_at: Some("2026-11-21T09:30:00Z".to_owned()),
            revoked_at: None,
        };
        Self { items: vec![key] }
    }
}

/// A key, without its secret.
#[derive(Debug, Object)]
struct ShownKey {
    /// What stands in it for everybody to see.
    id: String,
    /// `publishable` or `secret`.
    kind: String,
    /// `live` or `dev`.
    environment: String,
    /// What it may do: `read`, `write`, `admin`.
    scopes: Vec<String>,
    /// What its owner calls it.
    label: String,
    /// When it was minted (RFC 3339).
    created_at: String,
    /// When it was last used, to about a minute; absent if never.
    #[oai(skip_serializing_if_is_none)]
    last_used_at: Option<String>,
    /// Since when it opens nothing; absent while it does.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<String>,
}

impl ShownKey {
    fn of(key: Key) -> Self {
        Self {
            scopes: key.scopes.names().map(str::to_owned).collect(),
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
