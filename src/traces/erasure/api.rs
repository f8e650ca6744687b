//! The routes of erasure, under `/v1/players`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    model::ErasureError,
    request::player_id,
    response::{PlayerExportResponse, PlayerExported},
    service::Erasure,
};
use crate::{
    http::{
        empty_answer::EmptyAnswer,
        failure::{Failure, NotFound},
        problem::Problem,
    },
    identity::{
        access::{
            Permission, Player,
            request::{PlayerCaller, StudioCaller},
        },
        examples,
        tags::Tag,
    },
};

/// The routes of erasure. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ErasureApi {
    /// The feature.
    pub erasure: Erasure,
}

/// The player of an id in the world of a caller who may administer it.
fn administered(caller: &StudioCaller, id: &str) -> Result<Player, Problem> {
    let access = caller.require(Permission::Admin)?;
    Ok(Player { studio: access.studio, world: access.world, id: player_id(id)? })
}

impl Erasure {
    /// All that is stored about a player, as JSON.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn export_json(&self, player: &Player) -> Result<String, ErasureError> {
        Ok(PlayerExportResponse::from(self.export(player).await?).to_json())
    }
}

#[OpenApi(prefix_path = "/v1/players", tag = "Tag::Players")]
impl ErasureApi {
    /// Export all data of the player
    #[oai(path = "/me/export", method = "get", operation_id = "exportPlayer")]
    async fn export(&self, caller: PlayerCaller) -> Result<PlayerExported, Failure<NotFound>> {
        Ok(self.erasure.export(&caller.0).await?.into())
    }

    /// Erase the player
    ///
    /// Deletes all that is stored about the player: traces and recordings, votes, uses, reports, hidden authors, the inbox, the
    /// device, all tokens, links to accounts. It can't be undone. The token is not valid afterwards; the device that signs in
    /// again is a new player.
    #[oai(path = "/me", method = "delete", operation_id = "erasePlayer")]
    async fn erase(&self, caller: PlayerCaller) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.erasure.erase(&caller.0, None).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Erase the player, by POST
    ///
    /// Like `DELETE /v1/players/me`, for engines that can't send a DELETE. A body is ignored.
    #[oai(path = "/me/erase", method = "post", operation_id = "erasePlayerByPost")]
    async fn erase_by_post(&self, caller: PlayerCaller) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.erase(caller).await
    }

    /// Export all data of a player, for the studio
    ///
    /// Needs a secret key of the player's world with the permission `admin`, or a developer's session.
    #[oai(path = "/:player_id/export", method = "get", operation_id = "exportStudioPlayer")]
    async fn export_for_studio(
        &self,
        caller: StudioCaller,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
    ) -> Result<PlayerExported, Failure<NotFound>> {
        Ok(self.erasure.export(&administered(&caller, &player_id.0)?).await?.into())
    }

    /// Erase a player, for the studio
    ///
    /// As `DELETE /v1/players/me`; the audit log records that a player was erased, and by whom. Needs a secret key of the player's
    /// world with the permission `admin`, or a developer's session.
    #[oai(path = "/:player_id", method = "delete", operation_id = "eraseStudioPlayer")]
    async fn erase_for_studio(
        &self,
        caller: StudioCaller,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        let player = administered(&caller, &player_id.0)?;
        let actor = caller.require(Permission::Admin)?.actor();
        self.erasure.erase(&player, Some(actor)).await?;
        Ok(EmptyAnswer::Done)
    }
}
