//! The routes that link players to accounts: one for the game, under `/v1/players/me`, the others for the user, under
//! `/v1/account`.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound, TooMany},
    },
    identity::{
        access::request::{PlayerCaller, Session},
        examples,
        players::{
            request::LinkRequest,
            response::{LinkCodeAnswer, LinkedPlayerAnswer, LinkedPlayersAnswer},
            service::Players,
        },
        tags::Tag,
    },
};

/// The routes that link players to accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LinksApi {
    /// The feature.
    pub players: Players,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Players")]
impl LinksApi {
    /// Create a code that links the player to an account
    ///
    /// The game shows it; the user enters it, signed in to the account, within ten minutes. It replaces the player's earlier
    /// codes.
    #[oai(path = "/players/me/link-code", method = "post", operation_id = "createLinkCode")]
    async fn create_code(&self, caller: PlayerCaller) -> Result<LinkCodeAnswer, Failure<(NotFound, TooMany)>> {
        let (code, expires_at_ms) = self.players.create_link_code(&caller.0).await?;
        Ok(LinkCodeAnswer::new(&code, expires_at_ms))
    }

    /// Link a player to the account
    ///
    /// With the code that the game shows. A player belongs to one account at most (409). Few codes may be tried (429).
    #[oai(path = "/account/players", method = "post", operation_id = "linkPlayer")]
    async fn link(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<LinkRequest>,
    ) -> Result<LinkedPlayerAnswer, Failure<(NotFound, Conflict, TooMany)>> {
        let code = LinkRequest::read(&body.bytes)?;
        Ok(self.players.link(&session.0.user, &code, client.address).await?.into())
    }

    /// List the players of the account
    #[oai(path = "/account/players", method = "get", operation_id = "listPlayers")]
    async fn players(&self, session: Session) -> Result<LinkedPlayersAnswer, Failure> {
        Ok(self.players.linked_players(&session.0.user).await?.into())
    }

    /// Unlink a player
    ///
    /// The player continues to exist in the game, and belongs to no account.
    #[oai(path = "/account/players/:player_id", method = "delete", operation_id = "unlinkPlayer")]
    async fn unlink(
        &self,
        session: Session,
        /// The player's id.
        #[oai(example = "examples::player")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.players.unlink(&session.0.user, &player_id.0).await?;
        Ok(EmptyAnswer::Done)
    }
}
