//! The transaction in which a game's settings are changed. It raises the revision of all keys, as a change of a key does:
//! so changes wait for each other, and every instance notices both in the same way.

use sea_orm::DatabaseTransaction;

use super::Store;
use crate::{
    identity::{
        access::{Actor, Environment, Role},
        studios::model::{Game, StudioError},
    },
    platform::error::StoreError,
};

/// A change of a game's settings in one environment, in its transaction. Dropped, it changes nothing.
#[derive(Debug)]
pub struct SettingsTx {
    transaction: DatabaseTransaction,
    revision: i64,
    game: Game,
    environment: Environment,
}

impl SettingsTx {
    /// The transaction, on the control tables.
    #[must_use]
    pub fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The revision that the changed settings get.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The game.
    #[must_use]
    pub fn game(&self) -> &Game {
        &self.game
    }

    /// The environment.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.environment
    }
}

impl Store {
    /// Begins a change of a game's settings: until it ends nobody else changes settings or keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_settings_change(&self, game: &Game, environment: Environment) -> Result<SettingsTx, StoreError> {
        let transaction = self.database.control().begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        Ok(SettingsTx { transaction, revision, game: game.clone(), environment })
    }

    /// Commits a change, with its entry in the audit log. If there are no differences it is rolled back.
    ///
    /// # Errors
    /// [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn finish_settings_change(
        &self,
        change: SettingsTx,
        actor: Actor<'_>,
        differences: String,
    ) -> Result<(), StudioError> {
        if differences.is_empty() {
            return Ok(());
        }
        let SettingsTx { transaction, game, environment, .. } = change;
        self.lock_studio_for(&transaction, game.studio, actor, Role::Developer).await?;
        let object = format!("game:{} {}", game.slug, environment.name());
        self.insert_audit_entry(&transaction, game.studio, actor, "rules.changed", object, differences).await?;
        Ok(self.database.control().commit(transaction).await?)
    }
}
