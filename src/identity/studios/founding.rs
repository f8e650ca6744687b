//! How a user founds a studio: within the server's bounds, and whole or not at all.

use tokio::sync::oneshot;

use super::{
    model::{Actor, Slug, StudioError, Title},
    service::Studios,
};
use crate::{
    identity::{access::user_id::UserId, accounts::Membership},
    platform::error::StoreError,
};

impl Studios {
    /// Founds a studio that a user owns.
    ///
    /// # Errors
    /// There is one of that name; the user may found none, or no more.
    pub async fn found_by(&self, user: &UserId, slug: &Slug, title: &Title) -> Result<Membership, StudioError> {
        let most = if self.accounts().is_administrator(user).await? {
            None
        } else if self.settings().anyone_founds {
            Some(self.settings().studios_per_user)
        } else {
            return Err(StudioError::NotTheAdministrator);
        };
        self.found_for(user, slug, title, most).await?;
        let memberships = self.memberships(user).await?;
        memberships.into_iter().find(|one| one.studio == slug.as_str()).ok_or(StudioError::NoMember)
    }

    /// Founds a studio that a user owns, `most` of them. Goes on to its end when whoever asked has left; what can't be
    /// ended is undone.
    ///
    /// # Errors
    /// There is one of that name, or the user has as many as one may.
    async fn found_for(&self, user: &UserId, slug: &Slug, title: &Title, most: Option<u32>) -> Result<(), StudioError> {
        let (done, outcome) = oneshot::channel();
        let (studios, user, slug, title) = (self.clone(), user.clone(), slug.clone(), title.clone());
        self.tasks().spawn("found a studio", async move {
            // Nobody waits where whoever asked has left.
            let _left = done.send(studios.found_whole(&user, &slug, &title, most).await);
        });
        outcome.await.unwrap_or_else(|_| Err(StoreError::Unavailable("founding was cut short".to_owned()).into()))
    }

    async fn found_whole(
        &self,
        user: &UserId,
        slug: &Slug,
        title: &Title,
        most: Option<u32>,
    ) -> Result<(), StudioError> {
        let founded = self.store().found(slug, title, most, Actor::User(user)).await?;
        let studio = founded.ok_or_else(|| StudioError::StudioTaken(slug.as_str().to_owned()))?;
        let Err(error) = self.database().create_tenant(studio).await else { return Ok(()) };
        let undone: Result<(), StudioError> = async {
            self.database().remove_tenant(studio).await?;
            Ok(self.store().remove(studio, slug, Actor::Cairn).await?)
        }
        .await;
        if let Err(left) = undone {
            tracing::error!(%studio, error = %left, "a studio without tables could not be removed: cairn studio delete does");
        }
        Err(error.into())
    }
}
