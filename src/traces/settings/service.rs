//! The use cases of games' settings: read and change them.

use std::sync::Arc;

use super::{
    game_rules::GameRules,
    model::{Rules, RulesPatch, SettingsError},
};
use crate::{
    identity::{
        access::{Environment, StudioAccess},
        studios::{Actor, Game, Studios},
    },
    platform::db::StudioId,
};

/// Shows and changes games' settings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GameSettings {
    studios: Studios,
    rules: GameRules,
}

impl GameSettings {
    /// The feature, on the rules that `studios` keeps up to date.
    #[must_use]
    pub fn new(studios: Studios, rules: GameRules) -> Self {
        Self { studios, rules }
    }

    /// The rules of a world, without waiting.
    #[must_use]
    pub fn rules(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        self.rules.rules(studio, world)
    }

    /// Changes the rules of a game in an environment: all instances know within a second. Returns all rules.
    ///
    /// # Errors
    /// A scope would keep more than this server allows, or the database can't be reached.
    pub async fn update(
        &self,
        game: &Game,
        environment: Environment,
        patch: RulesPatch,
        actor: Actor<'_>,
    ) -> Result<Rules, SettingsError> {
        let limits = self.rules.limits();
        let exceeding = patch.exceeding(limits);
        if !exceeding.is_empty() {
            return Err(SettingsError::Invalid(exceeding));
        }
        let change = self.studios.begin_settings_change(game, environment).await?;
        let (rules, differences) = self.rules.update(&change, patch).await?;
        self.studios.finish_settings_change(change, actor, differences).await?;
        Ok(rules.limited(limits))
    }

    /// Changes the rules of the world that a caller administers.
    ///
    /// # Errors
    /// As [`GameSettings::update`]; or the game is gone.
    pub async fn update_as(&self, access: &StudioAccess, patch: RulesPatch) -> Result<Rules, SettingsError> {
        let game = self.studios.game(access.studio, &access.game).await?;
        self.update(&game, access.environment, patch, access.actor()).await
    }
}
