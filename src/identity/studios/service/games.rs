//! Games, and the transaction in which their settings are changed.

use super::Studios;
use crate::{
    identity::{
        access::Environment,
        studios::{
            model::{Actor, Game, Slug, StudioError, Title},
            ports::EnsureWorld,
            store::SettingsTx,
        },
    },
    platform::{
        db::{StudioId, Tenant},
        error::StoreError,
    },
};

impl Studios {
    /// Registers a game of a studio, with a world for each environment.
    ///
    /// # Errors
    /// [`StudioError::GameTaken`], [`StudioError::LimitReached`], or the database can't be reached.
    pub async fn register_game(
        &self,
        studio: StudioId,
        slug: &Slug,
        title: &Title,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let tenant = self.database.tenant(studio).await?;
        let worlds = ensure_worlds(self.ports.ensure_world, &tenant, slug).await?;
        if self.store.insert_game(studio, slug, title, worlds, actor).await? {
            Ok(())
        } else {
            Err(StudioError::GameTaken(slug.as_str().to_owned()))
        }
    }

    /// The games of a studio, by name.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn games(&self, studio: StudioId) -> Result<Vec<Game>, StudioError> {
        Ok(self.store.games(studio).await?)
    }

    /// The game of that name.
    ///
    /// # Errors
    /// [`StudioError::GameNotFound`], or the database can't be reached.
    pub async fn game(&self, studio: StudioId, slug: &str) -> Result<Game, StudioError> {
        let games = self.store.games(studio).await?;
        games.into_iter().find(|game| game.slug == slug).ok_or_else(|| StudioError::GameNotFound(slug.to_owned()))
    }

    /// Begins a change of a game's settings in an environment: until it ends nobody else changes settings or keys.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn begin_settings_change(
        &self,
        game: &Game,
        environment: Environment,
    ) -> Result<SettingsTx, StudioError> {
        Ok(self.store.begin_settings_change(game, environment).await?)
    }

    /// Commits a change of a game's settings, with its entry in the audit log: all instances know within a second. If there
    /// are no differences it is rolled back.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn finish_settings_change(
        &self,
        change: SettingsTx,
        actor: Actor<'_>,
        differences: String,
    ) -> Result<(), StudioError> {
        self.store.finish_settings_change(change, actor, differences).await?;
        self.keyring.refresh_and_announce().await;
        Ok(())
    }
}

/// The keys of a game's worlds, live and dev, which are created if they do not exist.
///
/// Called before the game is inserted: creating worlds can be repeated, and no key may open a game without worlds.
pub(super) async fn ensure_worlds(
    ensure_world: EnsureWorld,
    tenant: &Tenant,
    game: &Slug,
) -> Result<[i32; 2], StoreError> {
    let live = ensure_world(tenant, game.as_str(), Environment::Live).await?;
    let dev = ensure_world(tenant, game.as_str(), Environment::Dev).await?;
    Ok([live, dev])
}
