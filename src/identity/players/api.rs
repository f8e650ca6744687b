//! The routes of players, under `/v1/players`; those of their links to accounts are in `links`.

mod links;

use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response},
};

pub use self::links::LinksApi;
use super::{
    model::{LegacyName, TokenClient},
    request::{PlayerChangeRequest, PlayerNamesRequest, PlayerRequest, RefreshRequest, parse_player_id},
    response::{LegacyNamesAnswer, PlayerAnswer, PlayerNamesResponse, TokensAnswer},
    service::Players,
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany},
        idempotency_key::IdempotencyKey,
    },
    identity::{
        access::{
            Permission,
            request::{KeyCaller, PlayerCaller, WorldReader, require},
        },
        examples,
        tags::Tag,
    },
};

/// The routes of players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PlayersApi {
    /// The feature.
    pub players: Players,
}

#[OpenApi(prefix_path = "/v1/players", tag = "Tag::Players")]
impl PlayersApi {
    /// Sign in as a player
    ///
    /// Mints a player of the key's game, or signs in the player that this device was before. Send the answer's `token` as
    /// `Authorization: Bearer` where a player is needed; when it has expired, get the next one with the refresh token. A
    /// repeated request with the same `Idempotency-Key`, from the same network and program, is answered with the same player
    /// and the same refresh token.
    #[oai(path = "/", method = "post", operation_id = "signInPlayer")]
    async fn sign_in(
        &self,
        caller: KeyCaller,
        client: Client,
        key: IdempotencyKey<'_>,
        body: JsonBody<PlayerRequest>,
    ) -> Result<TokensAnswer, Failure<TooMany>> {
        let grant = require(&caller.0, Permission::Write)?;
        let (device, name) = PlayerRequest::read(&body.bytes)?;
        let (studio, world, client) = (grant.studio, grant.world, TokenClient::new(client, key));
        Ok(self.players.sign_in(studio, world, device.as_ref(), name.as_ref(), client).await?.into())
    }

    /// Stay signed in
    ///
    /// Gives the next token and the next refresh token. Each refresh token can be used once: if it is used a second time,
    /// somebody else must have it, so all tokens that followed from the same sign-in are revoked, and the device has to sign
    /// in again. Only a client that did not get the answer may ask again, as long as it has not used the next token: within 30
    /// seconds from the same network and program, or with its `device_id`; or with the same `Idempotency-Key`.
    #[oai(path = "/refresh", method = "post", operation_id = "refreshPlayer")]
    async fn refresh(
        &self,
        caller: KeyCaller,
        client: Client,
        key: IdempotencyKey<'_>,
        body: JsonBody<RefreshRequest>,
    ) -> Result<TokensAnswer, Failure> {
        let grant = require(&caller.0, Permission::Write)?;
        let (token, device) = RefreshRequest::read(&body.bytes)?;
        let client = TokenClient::new(client, key);
        Ok(self.players.refresh(grant.studio, grant.world, &token, device.as_ref(), client).await?.into())
    }

    /// Get the player of the token
    #[oai(path = "/me", method = "get", operation_id = "getPlayer")]
    async fn me(&self, caller: PlayerCaller) -> Result<PlayerAnswer, Failure<NotFound>> {
        Ok(self.players.profile(&caller.0).await?.into())
    }

    /// Change the player of the token
    ///
    /// Sets or removes the display name. A name that a moderator has removed can't be set again until a moderator allows it (403
    /// `name_locked`).
    #[oai(path = "/me", method = "patch", operation_id = "changePlayer")]
    async fn change(
        &self,
        caller: PlayerCaller,
        body: JsonBody<PlayerChangeRequest>,
    ) -> Result<PlayerAnswer, Failure<(Forbidden, NotFound)>> {
        if let Some(name) = PlayerChangeRequest::read(&body.bytes)? {
            self.players.set_display_name(&caller.0, name.as_ref()).await?;
        }
        Ok(self.players.profile(&caller.0).await?.into())
    }

    /// Change the player of the token, by POST
    ///
    /// The same as `PATCH /v1/players/me`, for clients that can't send PATCH.
    #[oai(path = "/me/change", method = "post", operation_id = "changePlayerByPost")]
    async fn change_by_post(
        &self,
        caller: PlayerCaller,
        body: JsonBody<PlayerChangeRequest>,
    ) -> Result<PlayerAnswer, Failure<(Forbidden, NotFound)>> {
        self.change(caller, body).await
    }

    /// Get the display names of players
    ///
    /// Of the authors of traces, for example. Players who have no name are left out.
    #[oai(path = "/names", method = "post", operation_id = "getPlayerNames")]
    async fn names(
        &self,
        reader: WorldReader,
        body: JsonBody<PlayerNamesRequest>,
    ) -> Result<Response<Json<PlayerNamesResponse>>, Failure> {
        let players = PlayerNamesRequest::read(&body.bytes)?;
        let named = self.players.display_names(reader.studio(), reader.world(), &players).await?;
        Ok(reader.respond_revalidated(Json(named.into_iter().collect())))
    }

    /// List a player's legacy names
    ///
    /// The names (`u_uuid`) under which the player's v0 clients write, in the order in which they were bound. Needs a
    /// secret key of the player's world with the permission `admin`.
    #[oai(path = "/:player_id/v0-names", method = "get", operation_id = "listLegacyNames")]
    async fn legacy_names(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
    ) -> Result<LegacyNamesAnswer, Failure<(NotFound, Conflict)>> {
        let grant = require(&caller.0, Permission::Admin)?;
        let player = self.players.player_of(grant, parse_player_id(&player_id.0)?).await?;
        Ok(LegacyNamesAnswer::new(player.id, self.players.legacy_names(&player).await?))
    }

    /// Bind a legacy name to a player
    ///
    /// A name (`u_uuid`) is a claim that anybody can make; with this the studio says whose it is in that world. A name
    /// belongs to one player at most; binding it again to the same player changes nothing. Needs a secret key of the
    /// player's world with the permission `admin`.
    #[oai(path = "/:player_id/v0-names/:u_uuid", method = "put", operation_id = "bindLegacyName")]
    async fn bind_legacy_name(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
        /// The name: 1 to 64 bytes, percent-encoded.
        #[oai(example = "examples::legacy_name")]
        u_uuid: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        let grant = require(&caller.0, Permission::Admin)?;
        let (id, name) = (parse_player_id(&player_id.0)?, LegacyName::parse(&u_uuid.0)?);
        self.players.bind_legacy_name(grant, id, &name).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Unbind a legacy name from a player
    ///
    /// Changes nothing where the name is not that player's. Needs a secret key of the player's world with the permission `admin`.
    #[oai(path = "/:player_id/v0-names/:u_uuid", method = "delete", operation_id = "unbindLegacyName")]
    async fn unbind_legacy_name(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
        /// The name: 1 to 64 bytes, percent-encoded.
        #[oai(example = "examples::legacy_name")]
        u_uuid: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        let grant = require(&caller.0, Permission::Admin)?;
        let (id, name) = (parse_player_id(&player_id.0)?, LegacyName::parse(&u_uuid.0)?);
        self.players.unbind_legacy_name(grant, id, &name).await?;
        Ok(EmptyAnswer::Done)
    }

    /// [`PlayersApi::legacy_names`] at its path of earlier releases
    #[oai(path = "/:player_id/seed-names", method = "get", deprecated)]
    async fn legacy_names_at_old_path(
        &self,
        caller: KeyCaller,
        player_id: Path<String>,
    ) -> Result<LegacyNamesAnswer, Failure<(NotFound, Conflict)>> {
        self.legacy_names(caller, player_id).await
    }

    /// [`PlayersApi::bind_legacy_name`] at its path of earlier releases
    #[oai(path = "/:player_id/seed-names/:u_uuid", method = "put", deprecated)]
    async fn bind_legacy_name_at_old_path(
        &self,
        caller: KeyCaller,
        player_id: Path<String>,
        u_uuid: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        self.bind_legacy_name(caller, player_id, u_uuid).await
    }

    /// [`PlayersApi::unbind_legacy_name`] at its path of earlier releases
    #[oai(path = "/:player_id/seed-names/:u_uuid", method = "delete", deprecated)]
    async fn unbind_legacy_name_at_old_path(
        &self,
        caller: KeyCaller,
        player_id: Path<String>,
        u_uuid: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        self.unbind_legacy_name(caller, player_id, u_uuid).await
    }
}
