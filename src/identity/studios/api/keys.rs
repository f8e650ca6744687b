//! Keys as a secret key with the permission `admin` sees them: `/v1/games/{game}/keys`.

use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response},
};

use crate::{
    http::{failure::Failure, problem::Problem},
    identity::{
        access::{Permission, StudioAccess, request::StudioCaller, response::private_response},
        examples,
        studios::{model::StudioError, response::KeysResponse, service::Studios},
        tags::Tag,
    },
};

/// The routes of a game's keys, for secret keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeysApi {
    /// The feature.
    pub studios: Studios,
}

/// The access of a caller who may administer the game of that name.
///
/// # Errors
/// The caller lacks the permission `admin`; or their access is to another game, and of this one they do not learn whether
/// it exists.
pub fn administered_game<'a>(caller: &'a StudioCaller, game: &str) -> Result<&'a StudioAccess, Problem> {
    let access = caller.require(Permission::Admin)?;
    if *game == *access.game { Ok(access) } else { Err(StudioError::GameNotFound(game.to_owned()).into()) }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl KeysApi {
    /// The keys of a game
    ///
    /// Those of one environment, revoked ones too, the oldest first. Needs a secret key of that game and environment with
    /// the permission `admin`, or a developer's session.
    #[oai(path = "/games/:game/keys", method = "get", operation_id = "listKeys")]
    async fn list(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "examples::game")]
        game: Path<String>,
    ) -> Result<Response<Json<KeysResponse>>, Failure> {
        let access = administered_game(&caller, &game.0)?;
        let game = self.studios.game(access.studio, &access.game).await?;
        let keys = self.studios.keys(access.studio, Some(&game)).await?;
        Ok(private_response(Json(keys.into_iter().filter(|key| key.environment == access.environment).collect())))
    }
}
