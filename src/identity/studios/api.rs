//! What a key can learn of its game, and change there; what members can do is in [`games`] and [`members`].

mod games;
mod members;

use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response},
};

pub use self::{games::GamesApi, members::MembersApi};
use super::{
    model::StudioError,
    rules::Change,
    service::Studios,
    shown::KeyList,
    wire::{GameResponse, SettingsRequest, SettingsResponse, example_game},
};
use crate::{
    http::{
        body::JsonBody,
        docs::Tag,
        problem::{Answers, Failure, Problem},
    },
    identity::access::{
        model::{Permission, StudioAccess},
        request::{caller::private, reader::Reader, studio_caller::StudioCaller},
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

struct Knowing;

impl Answers for Knowing {
    const STATUSES: &'static [u16] = &[401, 403, 422, 503];
}

struct Administering;

impl Answers for Administering {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// In a session.
struct Listing;

impl Answers for Listing {
    const STATUSES: &'static [u16] = &[401, 503];
}

/// Of a studio, in a session.
struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

/// Of a studio, in a session, a page.
struct Paging;

impl Answers for Paging {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// In a session, without a body.
struct Deleting;

impl Answers for Deleting {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 503];
}

/// In a session, with a body.
struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

/// In a session, with a body, about a letter.
struct Inviting;

impl Answers for Inviting {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503];
}

/// What may be done in the game that is named, by somebody who may administer it.
fn of_the_game<'a>(steward: &'a StudioCaller, game: &str) -> Result<&'a StudioAccess, Problem> {
    let mandate = steward.allowed(Permission::Admin)?;
    if *game != *mandate.game {
        // Of another game the key shall not even learn that it is there.
        return Err(StudioError::NoGame(game.to_owned()).into());
    }
    Ok(mandate)
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl StudiosApi {
    /// The game that the key opens, or that is named
    ///
    /// Which game and environment it is, what the key may do there, and what the game has decided about its traces.
    #[oai(path = "/game", method = "get", operation_id = "getGame")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_game(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
    ) -> Result<Response<Json<GameResponse>>, Failure<Knowing>> {
        let rules = self.studios.rules(reader.studio(), reader.world());
        Ok(reader.answer(Json(GameResponse::new(reader.game(), reader.key(), &rules, self.max_body_bytes))))
    }

    /// The keys of a game
    ///
    /// Those of one environment, revoked ones too, the oldest first. Needs a secret key of that game and environment with
    /// the scope `admin`, or a developer's session.
    #[oai(path = "/games/:game/keys", method = "get", operation_id = "listKeys")]
    async fn list_keys(
        &self,
        steward: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<KeyList>>, Failure<Administering>> {
        let mandate = of_the_game(&steward, &game.0)?;
        let game = self.studios.game(mandate.studio, &mandate.game).await?;
        let keys = self.studios.keys(mandate.studio, Some(&game)).await?;
        let environment = mandate.environment;
        Ok(private(Json(keys.into_iter().filter(|key| key.environment == environment).collect())))
    }

    /// The settings of a game
    ///
    /// What the game has decided about its traces, in one environment. Needs a secret key of that game and environment
    /// with the scope `admin`, or a developer's session.
    #[oai(path = "/games/:game/settings", method = "get", operation_id = "getGameSettings")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_settings(
        &self,
        steward: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<SettingsResponse>>, Failure<Administering>> {
        let mandate = of_the_game(&steward, &game.0)?;
        let rules = self.studios.rules(mandate.studio, mandate.world);
        Ok(private(Json(SettingsResponse::new(&mandate.game, mandate.environment.name(), &rules, self.max_body_bytes))))
    }

    /// Change the settings of a game
    ///
    /// What is named is changed, in one environment, and holds on every instance within a second. The answer is all
    /// settings. Needs a secret key of that game and environment with the scope `admin`, or a developer's session.
    #[oai(path = "/games/:game/settings", method = "patch", operation_id = "changeGameSettings")]
    async fn change_settings(
        &self,
        steward: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
        body: JsonBody<SettingsRequest>,
    ) -> Result<Response<Json<SettingsResponse>>, Failure<Changing>> {
        let mandate = of_the_game(&steward, &game.0)?;
        let change = Change::read(&body.bytes)?;
        let game = self.studios.game(mandate.studio, &mandate.game).await?;
        let rules = self.studios.decide(&game, mandate.environment, change, mandate.actor()).await?;
        Ok(private(Json(SettingsResponse::new(&mandate.game, mandate.environment.name(), &rules, self.max_body_bytes))))
    }
}
