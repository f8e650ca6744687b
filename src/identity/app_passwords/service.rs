//! The use cases of app passwords.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{AppPassword, AppPasswordError, AppUser, NewAppPassword, PASSWORD_BYTES},
    store::Store,
};
use crate::{
    identity::{access::UserId, accounts::Accounts},
    platform::{
        clock,
        db::{Control, Row},
        error::StoreError,
        secret::Secret,
        token,
    },
};

/// A use is noted if the last note is older than this: a program that copies a thousand files uses its password as often.
const NOTE_USE_EVERY: Duration = Duration::from_mins(10);

/// App passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppPasswords {
    store: Store,
    accounts: Accounts,
}

impl AppPasswords {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(control: Control, accounts: Accounts) -> Self {
        Self { store: Store::new(control), accounts }
    }

    /// Those of a user, the newest first.
    ///
    /// # Errors
    /// [`AppPasswordError::Store`].
    pub async fn list(&self, user: &UserId) -> Result<Vec<AppPassword>, AppPasswordError> {
        Ok(self.store.list(user).await?)
    }

    /// Makes one.
    ///
    /// # Errors
    /// [`AppPasswordError::TooMany`], or another.
    pub async fn make(&self, user: &UserId, name: String) -> Result<NewAppPassword, AppPasswordError> {
        let password = token::draw::<PASSWORD_BYTES>()?;
        let id = uuid::Uuid::now_v7().simple().to_string();
        let listed = AppPassword { id, name, created_at_ms: clock::now_ms(), used_at_ms: None };
        self.store.insert(user, &listed, token::digest(password.expose())).await?;
        tracing::info!(%user, password = listed.id, "app password made");
        Ok(NewAppPassword { listed, password })
    }

    /// Revokes one.
    ///
    /// # Errors
    /// [`AppPasswordError::NotFound`], or another.
    pub async fn revoke(&self, user: &UserId, id: &str) -> Result<(), AppPasswordError> {
        if !self.store.delete(user, id).await? {
            return Err(AppPasswordError::NotFound);
        }
        tracing::info!(%user, password = id, "app password revoked");
        Ok(())
    }

    /// Whose password that is. A wrong one is counted for the network that it came from; a right one is never refused because of
    /// others.
    ///
    /// # Errors
    /// [`AppPasswordError::Wrong`], or another.
    pub async fn verify(&self, password: &Secret, from: IpAddr) -> Result<AppUser, AppPasswordError> {
        let Some((found, used_at_ms)) = self.store.find(token::digest(password.expose())).await? else {
            self.accounts.count_wrong_app_password(from).await?;
            tracing::info!(%from, "refused: wrong app password");
            return Err(AppPasswordError::Wrong);
        };
        let noted_before_ms = clock::ms_ago(NOTE_USE_EVERY);
        if used_at_ms.is_none_or(|used_at_ms| used_at_ms < noted_before_ms)
            && let Err(error) = self.store.note_use(&found.password, clock::now_ms()).await
        {
            // It is still valid, and its next use tries again.
            tracing::warn!(%error, "recording the use of an app password failed");
        }
        Ok(found)
    }

    /// All that is stored of a user, for an export; not what could be used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_of(&self, user: &UserId) -> Result<Vec<Row>, StoreError> {
        let mut rows = self.store.rows_of(user).await?;
        for row in &mut rows {
            row.remove("digest");
        }
        Ok(rows)
    }
}
