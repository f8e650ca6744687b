//! The routes of a game's settings.

use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response},
};

use super::{
    request::SettingsRequest,
    response::{GameResponse, ServerLimits, SettingsResponse, example_game},
    service::GameSettings,
};
use crate::{
    http::{
        body::JsonBody,
        failure::{Conflict, Failure},
    },
    identity::{
        access::{
            request::{StudioCaller, WorldReader},
            response::private_response,
        },
        studios::administered_game,
        tags::Tag,
    },
};

/// The routes of a game's settings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SettingsApi {
    /// The feature.
    pub settings: GameSettings,
    /// The limits of the server.
    pub limits: ServerLimits,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl SettingsApi {
    /// The game that the key opens, or that is named
    ///
    /// Which game and environment it is, what the key may do there, and what the game has decided about its traces.
    #[oai(path = "/game", method = "get", operation_id = "getGame")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_game(&self, reader: WorldReader) -> Result<Response<Json<GameResponse>>, Failure> {
        let rules = self.settings.rules(reader.studio(), reader.world());
        Ok(reader.respond(Json(GameResponse::new(reader.game(), reader.key(), &rules, self.limits))))
    }

    /// The settings of a game
    ///
    /// What the game has decided about its traces, in one environment. Needs a secret key of that game and environment
    /// with the permission `admin`, or a developer's session.
    #[oai(path = "/games/:game/settings", method = "get", operation_id = "getGameSettings")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn get_settings(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<SettingsResponse>>, Failure> {
        let access = administered_game(&caller, &game.0)?;
        let rules = self.settings.rules(access.studio, access.world);
        Ok(private_response(Json(SettingsResponse::new(access, &rules, self.limits.max_body_bytes))))
    }

    /// Change the settings of a game
    ///
    /// What is named is changed, in one environment, and holds on every instance within a second. The answer is all
    /// settings. Needs a secret key of that game and environment with the permission `admin`, or a developer's session.
    #[oai(path = "/games/:game/settings", method = "patch", operation_id = "changeGameSettings")]
    async fn change_settings(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
        body: JsonBody<SettingsRequest>,
    ) -> Result<Response<Json<SettingsResponse>>, Failure<Conflict>> {
        let access = administered_game(&caller, &game.0)?;
        let patch = SettingsRequest::read(&body.bytes)?;
        let rules = self.settings.update_as(access, patch).await?;
        Ok(private_response(Json(SettingsResponse::new(access, &rules, self.limits.max_body_bytes))))
    }
}
