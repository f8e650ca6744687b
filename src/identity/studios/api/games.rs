//! What members do with games and keys: `/v1/studios/{studio}/games`.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{Changing, Deleting, Reading};
use crate::{
    http::{body::JsonBody, docs::Tag, no_store::NoStore, problem::Failure},
    identity::{
        access::{
            model::{Actor, Role},
            request::session::Session,
        },
        studios::{
            bodies::{GameRequest, KeyRequest},
            model::{ActingMember, Game, IssuedKey, StudioError},
            service::Studios,
            shown::{GamesResponse, IssuedKeyResponse, KeysResponse, StudioGameResponse},
        },
    },
};

/// The routes of a studio's games and keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GamesApi {
    /// The feature.
    pub studios: Studios,
}

#[derive(ApiResponse)]
enum Games {
    /// The games.
    #[oai(status = 200)]
    All(NoStore<GamesResponse>),
}

#[derive(ApiResponse)]
enum Registered {
    /// The game is there, with a world for each environment.
    #[oai(status = 201)]
    Game(NoStore<StudioGameResponse>),
}

#[derive(ApiResponse)]
enum Keys {
    /// The keys.
    #[oai(status = 200)]
    All(NoStore<KeysResponse>),
}

#[derive(ApiResponse)]
enum Fresh {
    /// The key. Its secret is not seen again.
    #[oai(status = 201)]
    Key(NoStore<IssuedKeyResponse>),
}

#[derive(ApiResponse)]
enum KeyRevoked {
    /// Within a second it opens nothing any more.
    #[oai(status = 204)]
    Done,
}

impl GamesApi {
    async fn developer(&self, session: &Session, studio: &str) -> Result<ActingMember, StudioError> {
        self.studios.acting_member(&session.0.user, studio).await?.require(Role::Developer)
    }

    async fn game_of(&self, session: &Session, studio: &str, game: &str) -> Result<Game, StudioError> {
        let member = self.developer(session, studio).await?;
        self.studios.game(member.studio, game).await
    }

    async fn shown(&self, game: &Game, issued: IssuedKey) -> Result<Fresh, StudioError> {
        let key = self.studios.key(game, &issued.id).await?.into();
        Ok(Fresh::Key(NoStore(IssuedKeyResponse { secret: issued.text.expose().to_owned(), key })))
    }
}

#[OpenApi(prefix_path = "/v1/studios", tag = "Tag::Studios")]
impl GamesApi {
    /// The games of a studio
    ///
    /// For every member.
    #[oai(path = "/:studio/games", method = "get", operation_id = "listGames")]
    async fn games(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
    ) -> Result<Games, Failure<Reading>> {
        let member = self.studios.acting_member(&session.0.user, &studio.0).await?;
        let games = self.studios.games(member.studio).await?;
        Ok(Games::All(NoStore(GamesResponse { items: games.into_iter().map(StudioGameResponse::from).collect() })))
    }

    /// Register a game
    ///
    /// With a live and a dev world. For developers.
    #[oai(path = "/:studio/games", method = "post", operation_id = "registerGame")]
    async fn register(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        body: JsonBody<GameRequest>,
    ) -> Result<Registered, Failure<Changing>> {
        let member = self.developer(&session, &studio.0).await?;
        let (slug, title) = GameRequest::read(&body.bytes)?;
        self.studios.register_game(member.studio, &slug, &title, Actor::User(&member.user)).await?;
        let game = self.studios.game(member.studio, slug.as_str()).await?;
        Ok(Registered::Game(NoStore(game.into())))
    }

    /// The keys of a game, of both environments
    ///
    /// KeyRevoked ones too, the oldest first. For developers.
    #[oai(path = "/:studio/games/:game/keys", method = "get", operation_id = "listStudioKeys")]
    async fn keys(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The game's name in addresses.
        game: Path<String>,
    ) -> Result<Keys, Failure<Reading>> {
        let game = self.game_of(&session, &studio.0, &game.0).await?;
        let keys = self.studios.keys(game.studio, Some(&game)).await?;
        Ok(Keys::All(NoStore(keys.into_iter().collect())))
    }

    /// Mint a key
    ///
    /// It is seen whole in this answer, and never again. For developers.
    #[oai(path = "/:studio/games/:game/keys", method = "post", operation_id = "mintKey")]
    async fn mint(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The game's name in addresses.
        game: Path<String>,
        body: JsonBody<KeyRequest>,
    ) -> Result<Fresh, Failure<Changing>> {
        let game = self.game_of(&session, &studio.0, &game.0).await?;
        let new_key = KeyRequest::read(&body.bytes)?;
        let issued = self.studios.issue_key(&game, &new_key, Actor::User(&session.0.user)).await?;
        Ok(self.shown(&game, issued).await?)
    }

    /// Mint a key that takes another's place
    ///
    /// Both are valid until the old one is revoked; there is never a third one. For developers.
    #[oai(path = "/:studio/games/:game/keys/:key/rotate", method = "post", operation_id = "rotateKey")]
    async fn rotate(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The game's name in addresses.
        game: Path<String>,
        /// The id of the old one.
        key: Path<String>,
    ) -> Result<Fresh, Failure<Deleting>> {
        let game = self.game_of(&session, &studio.0, &game.0).await?;
        let old = self.studios.key(&game, &key.0).await?;
        let issued = self.studios.rotate_key(&old.id, Actor::User(&session.0.user)).await?;
        Ok(self.shown(&game, issued).await?)
    }

    /// Revoke a key
    ///
    /// For developers.
    #[oai(path = "/:studio/games/:game/keys/:key", method = "delete", operation_id = "revokeKey")]
    async fn revoke(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The game's name in addresses.
        game: Path<String>,
        /// The key's id.
        key: Path<String>,
    ) -> Result<KeyRevoked, Failure<Deleting>> {
        let game = self.game_of(&session, &studio.0, &game.0).await?;
        let key = self.studios.key(&game, &key.0).await?;
        self.studios.revoke_key(&key.id, Actor::User(&session.0.user)).await?;
        Ok(KeyRevoked::Done)
    }
}
