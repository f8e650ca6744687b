//! Keys: issuing, rotating and revoking them, and looking up what one opens.

use std::sync::Arc;

use super::Studios;
use crate::{
    identity::{
        access::{Grant, KeyRefused, PublicWorld},
        studios::model::{self, Actor, Game, IssuedKey, Key, NewKey, StudioError},
    },
    platform::db::StudioId,
};

impl Studios {
    /// Issues a key for a game. Its secret can't be read again.
    ///
    /// # Errors
    /// [`StudioError::PermissionsTooWide`], [`StudioError::LimitReached`], or the database can't be reached.
    pub async fn issue_key(&self, game: &Game, new_key: &NewKey, actor: Actor<'_>) -> Result<IssuedKey, StudioError> {
        if !new_key.permissions.is_subset_of(new_key.kind.max_permissions()) || new_key.permissions.is_empty() {
            return Err(StudioError::PermissionsTooWide { kind: new_key.kind, asked: new_key.permissions });
        }
        let issued = model::generate_key(new_key.kind, new_key.environment)?;
        self.store.insert_key(game, new_key, &issued, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(issued)
    }

    /// Issues the successor of a key: the same but for its id and secret. Both are valid until the old one is revoked, and a
    /// third one is refused before that.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], [`StudioError::KeyRevoked`], [`StudioError::RotationOpen`], or the database can't be
    /// reached.
    pub async fn rotate_key(&self, id: &str, actor: Actor<'_>) -> Result<IssuedKey, StudioError> {
        let form = self.store.key_form(id).await?;
        let (kind, environment) = form.ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))?;
        let issued = model::generate_key(kind, environment)?;
        self.store.insert_successor(id, &issued, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(issued)
    }

    /// Revokes a key: within a second it opens nothing any more, on any instance.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], or the database can't be reached.
    pub async fn revoke_key(&self, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        self.store.revoke_key(id, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(())
    }

    /// The keys of a studio, the oldest first; those of one game if one is named.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn keys(&self, studio: StudioId, game: Option<&Game>) -> Result<Vec<Key>, StudioError> {
        Ok(self.store.keys(studio, game.map(|game| game.id)).await?)
    }

    /// The key of a game that has this id.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], or the database can't be reached.
    pub async fn key(&self, game: &Game, id: &str) -> Result<Key, StudioError> {
        let keys = self.store.keys(game.studio, Some(game.id)).await?;
        keys.into_iter().find(|key| key.id == id).ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))
    }

    /// What a key opens, if that is known without waiting.
    #[inline]
    #[must_use]
    pub fn try_get(&self, key: &[u8]) -> Option<Arc<Grant>> {
        self.keyring.try_get(key)
    }

    /// What a key opens.
    ///
    /// # Errors
    /// The key is invalid, or neither cache nor database can be reached.
    pub async fn look_up(&self, key: &str) -> Result<Arc<Grant>, KeyRefused> {
        self.keyring.look_up(key).await
    }

    /// The world of that name (`studio/game`, `studio/game/dev`), if its game lets anyone read it. Does not wait.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        self.keyring.public(name)
    }
}
