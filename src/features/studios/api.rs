//! What a key can learn of its game, and change there.

use poem_openapi::{
    Object, OpenApi,
    param::Path,
    payload::{Json, Response},
    types::Example,
};

use super::{
    model::{Actor, Key, StudioError},
    rules::Change,
    service::Studios,
    wire::{SettingsBody, ShownGame, ShownSettings, example_game},
};
use crate::{
    http::{
        auth::{Keyed, allowed, private},
        body::JsonBody,
        docs::Tag,
        problem::{Answers, Failure, Problem},
    },
    platform::{
        clock,
        error::Fault,
        permit::{Grant, Scope},
    },
};

/// The routes of studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StudiosApi {
    /// The feature.
    pub studios: Studios,
    /// Bytes of a request's body, at most.
    pub max_body_bytes: u64,
}

impl From<StudioError> for Problem {
    fn from(error: StudioError) -> Self {
        let (kind, code) = error.kind();
        match error {
            StudioError::Store(cause) => Self::from(&cause),
            StudioError::Invalid(ref faults) => {
                Self::new(kind, code, Fault::summary(faults)).with_faults(faults.clone())
            }
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

struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 413, 415, 422, 503];
}

/// What the key opens, if it may administer the game that is named.
fn of_the_game<'a>(caller: &'a Keyed, game: &str) -> Result<&'a Grant, Problem> {
    let grant = allowed(&caller.0, Scope::Admin)?;
    if *game != *grant.game {
        // Of another game the key shall not even learn that it is there.
        return Err(StudioError::NoGame(game.to_owned()).into());
    }
    Ok(grant)
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl StudiosApi {
    /// The game that the key opens
    ///
    /// Which game and environment it is, what the key may do there, and what the game has decided about its traces.
    #[oai(path = "/game", method = "get", operation_id = "getGame")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_game(&self, caller: Keyed) -> Result<Response<Json<ShownGame>>, Failure<Knowing>> {
        let grant = allowed(&caller.0, Scope::Read)?;
        let rules = self.studios.rules(grant.studio, grant.world);
        Ok(private(Json(ShownGame::new(grant, &rules, self.max_body_bytes))))
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
        let grant = of_the_game(&caller, &game.0)?;
        let game = self.studios.game(grant.studio, &grant.game).await?;
        let keys = self.studios.keys(grant.studio, Some(&game)).await?;
        let of_its_environment = keys.into_iter().filter(|key| key.environment == grant.environment);
        Ok(private(Json(KeyList { items: of_its_environment.map(ShownKey::of).collect() })))
    }

    /// The settings of a game
    ///
    /// What the game has decided about its traces, in the environment of the key that asks. Needs a secret key of that game
    /// with the scope `admin`.
    #[oai(path = "/games/:game/settings", method = "get", operation_id = "getGameSettings")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_settings(
        &self,
        caller: Keyed,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<ShownSettings>>, Failure<Administering>> {
        let grant = of_the_game(&caller, &game.0)?;
        let rules = self.studios.rules(grant.studio, grant.world);
        Ok(private(Json(ShownSettings::new(&grant.game, grant.environment.name(), &rules, self.max_body_bytes))))
    }

    /// Change the settings of a game
    ///
    /// What is named is changed, in the environment of the key that asks, and holds on every instance within a second. The
    /// answer is all settings. Needs a secret key of that game with the scope `admin`.
    #[oai(path = "/games/:game/settings", method = "patch", operation_id = "changeGameSettings")]
    async fn change_settings(
        &self,
        caller: Keyed,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
        body: JsonBody<SettingsBody>,
    ) -> Result<Response<Json<ShownSettings>>, Failure<Changing>> {
        let grant = of_the_game(&caller, &game.0)?;
        let change = Change::read(&body.bytes)?;
        let game = self.studios.game(grant.studio, &grant.game).await?;
        let rules = self.studios.decide(&game, grant.environment, change, Actor::Key(&grant.key)).await?;
        Ok(private(Json(ShownSettings::new(&grant.game, grant.environment.name(), &rules, self.max_body_bytes))))
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
