//! Keys: issuing, rotating and revoking them, and looking up what one opens.

use std::sync::Arc;

use super::Studios;
use crate::{
    identity::{
        access::{Environment, Grant, KeyKind, KeyRefused, PublicWorld},
        studios::model::{self, Actor, Game, IssueRequest, IssuedKey, Key, NewKey, StudioError},
    },
    platform::{clock, db::StudioId, token},
};

/// The digests of a request for a key. Callers have idempotency keys of their own, in each game.
fn key_request(key: Option<&str>, actor: Actor<'_>, game: i32, content: &str) -> Option<IssueRequest> {
    let key = key?;
    let caller = actor.to_string();
    let request = token::digest_of_parts(&[b"key", caller.as_bytes(), &game.to_be_bytes(), key.as_bytes()]);
    Some(IssueRequest { request, content: token::digest(content) })
}

impl Studios {
    /// Issues a key for a game. Its secret can't be read again.
    ///
    /// # Errors
    /// [`StudioError::PermissionsTooWide`], [`StudioError::LimitReached`], [`StudioError::KeyReused`], or the database can't be
    /// reached.
    pub async fn issue_key(
        &self,
        game: &Game,
        new_key: &NewKey,
        actor: Actor<'_>,
        idempotency_key: Option<&str>,
    ) -> Result<IssuedKey, StudioError> {
        if !new_key.permissions.is_subset_of(new_key.kind.max_permissions()) || new_key.permissions.is_empty() {
            return Err(StudioError::PermissionsTooWide { kind: new_key.kind, asked: new_key.permissions });
        }
        let NewKey { environment, kind, permissions, label } = new_key;
        let content = format!("{} {} {permissions} {}", environment.name(), kind.name(), label.as_str());
        let request = key_request(idempotency_key, actor, game.id, &content);
        if let Some(issued) = self.repeated_key(game.studio, request, (*kind, *environment), actor).await? {
            return Ok(issued);
        }
        let issued = IssuedKey { request, ..model::generate_key(*kind, *environment)? };
        let issued = if self.store.insert_key(game, new_key, &issued, actor).await? {
            issued
        } else {
            // The same request was sent twice at once, and the other has come first.
            let repeated = self.repeated_key(game.studio, request, (*kind, *environment), actor).await?;
            repeated.ok_or(StudioError::KeyReused)?
        };
        self.keyring.refresh_and_announce().await;
        Ok(issued)
    }

    /// The key of an earlier request with the same idempotency key, with a new secret in place of the one whose answer was lost.
    async fn repeated_key(
        &self,
        studio: StudioId,
        request: Option<IssueRequest>,
        (kind, environment): (KeyKind, Environment),
        actor: Actor<'_>,
    ) -> Result<Option<IssuedKey>, StudioError> {
        let Some(request) = request else { return Ok(None) };
        let since_ms = clock::ms_ago(self.settings.requests_kept);
        self.store.release_key_request(&request, since_ms).await?;
        let Some(earlier) = self.store.find_requested_key(&request, since_ms).await? else { return Ok(None) };
        if earlier.content != request.content || earlier.is_settled || self.keyring.is_in_use(&earlier.id) {
            return Err(StudioError::KeyReused);
        }
        let issued = model::generate_secret(kind, environment, earlier.id)?;
        self.store.replace_secret(studio, &issued, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(Some(issued))
    }

    /// Issues the successor of a key: the same but for its id and secret. Both are valid until the old one is revoked, and a
    /// third one is refused before that.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], [`StudioError::KeyRevoked`], [`StudioError::RotationOpen`], or the database can't be
    /// reached.
    pub async fn rotate_key(
        &self,
        id: &str,
        actor: Actor<'_>,
        idempotency_key: Option<&str>,
    ) -> Result<IssuedKey, StudioError> {
        let form = self.store.key_form(id).await?;
        let (kind, environment, studio, game) = form.ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))?;
        let request = key_request(idempotency_key, actor, game, &format!("rotate {id}"));
        if let Some(issued) = self.repeated_key(studio, request, (kind, environment), actor).await? {
            return Ok(issued);
        }
        let issued = IssuedKey { request, ..model::generate_key(kind, environment)? };
        let issued = if self.store.insert_successor(id, &issued, actor).await? {
            issued
        } else {
            let repeated = self.repeated_key(studio, request, (kind, environment), actor).await?;
            repeated.ok_or(StudioError::KeyReused)?
        };
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
