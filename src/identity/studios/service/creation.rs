//! Creating studios, whole or not at all: by the command line, by users within the server's limits, and the one of the open
//! world.

use tokio::sync::oneshot;

use super::{Studios, games::ensure_worlds};
use crate::{
    identity::{
        access::UserId,
        accounts::Membership,
        studios::{
            model::{Actor, Slug, StudioError, Title},
            ports::EnsureWorld,
            store::Store,
        },
    },
    platform::{
        db::{Database, LostError, SchemaError, StudioId},
        error::StoreError,
    },
};

/// The name of the open world's studio, and of its game.
const OPEN_WORLD: &str = "default";

impl Studios {
    /// Creates a studio that nobody owns.
    ///
    /// # Errors
    /// [`StudioError::StudioTaken`], or the database can't be reached.
    pub async fn create(&self, slug: &Slug, actor: Actor<'_>) -> Result<StudioId, StudioError> {
        let created = self.store.insert_studio(slug, &Title::parse("")?, None, actor).await?;
        let studio = created.ok_or_else(|| StudioError::StudioTaken(slug.as_str().to_owned()))?;
        self.create_tables(studio, slug).await?;
        Ok(studio)
    }

    /// Creates a studio that a user owns.
    ///
    /// # Errors
    /// [`StudioError::StudioTaken`], [`StudioError::AdministratorRequired`], [`StudioError::TooManyStudios`], or the database
    /// can't be reached.
    pub async fn create_owned(&self, user: &UserId, slug: &Slug, title: &Title) -> Result<Membership, StudioError> {
        let limit = if self.accounts.is_administrator(user).await? {
            None
        } else if self.settings.anyone_creates_studios {
            Some(self.settings.studios_per_user)
        } else {
            return Err(StudioError::AdministratorRequired);
        };
        self.spawn_creation(user, slug, title, limit).await?;
        let memberships = self.memberships(user).await?;
        let created = memberships.into_iter().find(|membership| membership.studio == slug.as_str());
        created.ok_or(StudioError::MemberNotFound)
    }

    /// Creates a studio in a task of its own, so that it is completed, or undone, also when the client disconnects.
    async fn spawn_creation(
        &self,
        user: &UserId,
        slug: &Slug,
        title: &Title,
        limit: Option<u32>,
    ) -> Result<(), StudioError> {
        let (done, outcome) = oneshot::channel();
        let (studios, user, slug, title) = (self.clone(), user.clone(), slug.clone(), title.clone());
        self.tasks.spawn("create a studio", async move {
            // Fails if the client has disconnected.
            let _disconnected = done.send(studios.create_with_tables(&user, &slug, &title, limit).await);
        });
        outcome
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("creating the studio was cut short".to_owned()).into()))
    }

    async fn create_with_tables(
        &self,
        user: &UserId,
        slug: &Slug,
        title: &Title,
        limit: Option<u32>,
    ) -> Result<(), StudioError> {
        let created = self.store.insert_studio(slug, title, limit, Actor::User(user)).await?;
        let studio = created.ok_or_else(|| StudioError::StudioTaken(slug.as_str().to_owned()))?;
        self.create_tables(studio, slug).await
    }

    /// Creates the tables of a new studio, or removes the studio.
    async fn create_tables(&self, studio: StudioId, slug: &Slug) -> Result<(), StudioError> {
        let Err(error) = self.database.create_tenant(studio).await else { return Ok(()) };
        let undone: Result<(), StudioError> = async {
            // Tables of another studio stay.
            if !matches!(error, SchemaError::Lost(LostError::StudioUnknown { .. })) {
                self.database.remove_tenant(studio).await?;
            }
            Ok(self.store.delete_studio(studio, slug, Actor::Cairn).await?)
        }
        .await;
        if let Err(undo_error) = undone {
            tracing::error!(
                %studio,
                error = %undo_error,
                "removing a studio whose tables could not be created failed: remove it with cairn studio delete"
            );
        }
        Err(error.into())
    }
}

/// The open world's studio and live world, created if they do not exist.
pub(super) async fn open_world(
    store: &Store,
    database: &Database,
    ensure_world: EnsureWorld,
) -> Result<(StudioId, i32), StudioError> {
    let (slug, title) = (Slug::parse(OPEN_WORLD)?, Title::parse("The open world")?);
    let studio = match store.studio(&slug).await? {
        Some(studio) => studio,
        None => match store.insert_studio(&slug, &title, None, Actor::Cairn).await? {
            Some(studio) => studio,
            // Another instance has created it meanwhile.
            None => store.studio(&slug).await?.ok_or_else(|| StudioError::StudioNotFound(OPEN_WORLD.to_owned()))?,
        },
    };
    let find_game = async || {
        let games = store.games(studio).await?;
        Ok::<_, StudioError>(games.into_iter().find(|game| game.slug == OPEN_WORLD))
    };
    if let Some(game) = find_game().await? {
        return Ok((studio, game.live_world));
    }
    database.ensure_tenant(studio).await?;
    let worlds = ensure_worlds(ensure_world, &database.tenant(studio).await?, &slug).await?;
    store.insert_game(studio, &slug, &title, worlds, Actor::Cairn).await?;
    let game = find_game().await?.ok_or_else(|| StudioError::GameNotFound(OPEN_WORLD.to_owned()))?;
    Ok((studio, game.live_world))
}
