//! Games, and the transaction in which their settings are changed.

use super::Studios;
use crate::{
    identity::{
        access::Environment,
        studios::{
            model::{Actor, Game, Slug, StudioError, Title},
            store::{SettingsTx, Store},
        },
    },
    platform::db::StudioId,
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
        if register_game(&self.store, studio, slug, title, actor).await? {
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

/// Creates a game's worlds, then the game; false if the name is taken.
pub(super) async fn register_game(
    store: &Store,
    studio: StudioId,
    slug: &Slug,
    title: &Title,
    actor: Actor<'_>,
) -> Result<bool, StudioError> {
    // The worlds first: creating them can be repeated, and no key may open a game without worlds.
    let live = store.ensure_world(studio, slug, Environment::Live).await?;
    let dev = store.ensure_world(studio, slug, Environment::Dev).await?;
    store.insert_game(studio, slug, title, [live, dev], actor).await
}
