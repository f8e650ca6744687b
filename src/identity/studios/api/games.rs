//! What members do with games and keys: `/v1/studios/{studio}/games`.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{Changing, Deleting, Reading};
use crate::{
    http::{body::JsonBody, no_store::NoStore, problem::Failure},
    identity::{
        access::{Actor, Role, request::Session},
        studios::{
            bodies::{GameRequest, KeyRequest},
            model::{Game, Minted, Standing, StudioError},
            service::Studios,
            shown::{GameList, KeyList, MintedKey, StudioGame},
        },
        tags::Tag,
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
    All(NoStore<GameList>),
}

#[derive(ApiResponse)]
enum Registered {
    /// The game is there, with a world for each environment.
    #[oai(status = 201)]
    Game(NoStore<StudioGame>),
}

#[derive(ApiResponse)]
enum Keys {
    /// The keys.
    #[oai(status = 200)]
    All(NoStore<KeyList>),
}

#[derive(ApiResponse)]
enum Fresh {
    /// The key. Its secret is not seen again.
    #[oai(status = 201)]
    Key(NoStore<MintedKey>),
}

#[derive(ApiResponse)]
enum Revoked {
    /// Within a second it opens nothing any more.
    #[oai(status = 204)]
    Done,
}

impl GamesApi {
    async fn developer(&self, session: &Session, studio: &str) -> Result<Standing, StudioError> {
        self.studios.standing(&session.0.user, studio).await?.with(Role::Developer)
    }

    async fn game_of(&self, session: &Session, studio: &str, game: &str) -> Result<Game, StudioError> {
        let standing = self.developer(session, studio).await?;
        self.studios.game(standing.studio, game).await
    }

    async fn shown(&self, game: &Game, minted: Minted) -> Result<Fresh, StudioError> {
        let key = self.studios.key(game, &minted.id).await?.into();
        Ok(Fresh::Key(NoStore(MintedKey { secret: minted.text.expose().to_owned(), key })))
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
        let standing = self.studios.standing(&session.0.user, &studio.0).await?;
        let games = self.studios.games(standing.studio).await?;
        Ok(Games::All(NoStore(GameList { items: games.into_iter().map(StudioGame::from).collect() })))
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
        let standing = self.developer(&session, &studio.0).await?;
        let (slug, title) = GameRequest::read(&body.bytes)?;
        self.studios.register(standing.studio, &slug, &title, Actor::User(&standing.user)).await?;
        let game = self.studios.game(standing.studio, slug.as_str()).await?;
        Ok(Registered::Game(NoStore(game.into())))
    }

    /// The keys of a game, of both environments
    ///
    /// Revoked ones too, the oldest first. For developers.
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
        let order = KeyRequest::read(&body.bytes)?;
        let minted = self.studios.mint(&game, &order, Actor::User(&session.0.user)).await?;
        Ok(self.shown(&game, minted).await?)
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
        let minted = self.studios.rotate(&old.id, Actor::User(&session.0.user)).await?;
        Ok(self.shown(&game, minted).await?)
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
    ) -> Result<Revoked, Failure<Deleting>> {
        let game = self.game_of(&session, &studio.0, &game.0).await?;
        let key = self.studios.key(&game, &key.0).await?;
        self.studios.revoke(&key.id, Actor::User(&session.0.user)).await?;
        Ok(Revoked::Done)
    }
}
