//! Games and keys as members see them: `/v1/studios/{studio}/games`.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound},
        idempotency_key::IdempotencyKey,
        no_store::NoStore,
    },
    identity::{
        access::{Actor, Role, request::Session},
        examples,
        studios::{
            model::{ActingMember, Game, StudioError},
            request::{GameRequest, KeyRequest},
            response::{GameRegistered, GamesListed, KeyIssued, KeysListed},
            service::Studios,
        },
        tags::Tag,
    },
};

/// The routes of a studio's games and their keys, for members. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GamesApi {
    /// The feature.
    pub studios: Studios,
}

impl GamesApi {
    async fn developer(&self, session: &Session, studio: &str) -> Result<ActingMember, StudioError> {
        self.studios.acting_member(&session.0.user, studio).await?.require(Role::Developer)
    }

    async fn developers_game(&self, session: &Session, studio: &str, game: &str) -> Result<Game, StudioError> {
        let developer = self.developer(session, studio).await?;
        self.studios.game(developer.studio, game).await
    }
}

#[OpenApi(prefix_path = "/v1/studios", tag = "Tag::Studios")]
impl GamesApi {
    /// The games of a studio
    ///
    /// For every member.
    #[oai(path = "/:studio/games", method = "get", operation_id = "listGames")]
    async fn list(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
    ) -> Result<GamesListed, Failure<NotFound>> {
        let member = self.studios.acting_member(&session.0.user, &studio.0).await?;
        let games = self.studios.games(member.studio).await?;
        Ok(GamesListed::Ok(NoStore(games.into_iter().collect())))
    }

    /// Register a game
    ///
    /// With a live and a dev world. For developers.
    #[oai(path = "/:studio/games", method = "post", operation_id = "registerGame")]
    async fn register(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        body: JsonBody<GameRequest>,
    ) -> Result<GameRegistered, Failure<(NotFound, Conflict)>> {
        let developer = self.developer(&session, &studio.0).await?;
        let (slug, title) = GameRequest::read(&body.bytes)?;
        self.studios.register_game(developer.studio, &slug, &title, Actor::User(&developer.user)).await?;
        let game = self.studios.game(developer.studio, slug.as_str()).await?;
        Ok(GameRegistered::Created(NoStore(game.into())))
    }

    /// The keys of a game, of both environments
    ///
    /// Revoked ones too, the oldest first. For developers.
    #[oai(path = "/:studio/games/:game/keys", method = "get", operation_id = "listStudioKeys")]
    async fn list_keys(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The game's name in addresses.
        #[oai(example = "examples::game")]
        game: Path<String>,
    ) -> Result<KeysListed, Failure<NotFound>> {
        let game = self.developers_game(&session, &studio.0, &game.0).await?;
        let keys = self.studios.keys(game.studio, Some(&game)).await?;
        Ok(KeysListed::Ok(NoStore(keys.into_iter().collect())))
    }

    /// Issue a key
    ///
    /// The whole key is in this answer, and can't be read again. A repeated request with the same `Idempotency-Key` gives the same
    /// key with a new secret, as long as nobody has used the first. For developers.
    #[oai(path = "/:studio/games/:game/keys", method = "post", operation_id = "issueKey")]
    async fn issue_key(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The game's name in addresses.
        #[oai(example = "examples::game")]
        game: Path<String>,
        idempotency_key: IdempotencyKey<'_>,
        body: JsonBody<KeyRequest>,
    ) -> Result<KeyIssued, Failure<(NotFound, Conflict)>> {
        let game = self.developers_game(&session, &studio.0, &game.0).await?;
        let new_key = KeyRequest::read(&body.bytes)?;
        let (actor, idempotency_key) = (Actor::User(&session.0.user), idempotency_key.unless_empty());
        let issued = self.studios.issue_key(&game, &new_key, actor, idempotency_key).await?;
        let key = self.studios.key(&game, &issued.id).await?;
        Ok(KeyIssued::new(&issued, key))
    }

    /// Issue the successor of a key
    ///
    /// Both are valid until the old one is revoked; there is never a third one. For developers.
    #[oai(path = "/:studio/games/:game/keys/:key/rotate", method = "post", operation_id = "rotateKey")]
    async fn rotate_key(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The game's name in addresses.
        #[oai(example = "examples::game")]
        game: Path<String>,
        /// The old key's id.
        #[oai(example = "examples::key")]
        key: Path<String>,
        idempotency_key: IdempotencyKey<'_>,
    ) -> Result<KeyIssued, Failure<(NotFound, Conflict)>> {
        let game = self.developers_game(&session, &studio.0, &game.0).await?;
        let old = self.studios.key(&game, &key.0).await?;
        let (actor, idempotency_key) = (Actor::User(&session.0.user), idempotency_key.unless_empty());
        let issued = self.studios.rotate_key(&old.id, actor, idempotency_key).await?;
        let key = self.studios.key(&game, &issued.id).await?;
        Ok(KeyIssued::new(&issued, key))
    }

    /// Revoke a key
    ///
    /// Within a second it opens nothing any more. For developers.
    #[oai(path = "/:studio/games/:game/keys/:key", method = "delete", operation_id = "revokeKey")]
    async fn revoke_key(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The game's name in addresses.
        #[oai(example = "examples::game")]
        game: Path<String>,
        /// The key's id.
        #[oai(example = "examples::key")]
        key: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        let game = self.developers_game(&session, &studio.0, &game.0).await?;
        let key = self.studios.key(&game, &key.0).await?;
        self.studios.revoke_key(&key.id, Actor::User(&session.0.user)).await?;
        Ok(EmptyAnswer::Done)
    }
}
