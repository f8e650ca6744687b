//! The use cases of people.

use super::{model::PeopleError, store::Store};
use crate::{
    identity::{
        access::UserId,
        profiles::{PersonCard, Username},
    },
    platform::db::Control,
};

/// People as others see them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct People {
    store: Store,
}

impl People {
    /// The feature over the control database.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { store: Store::new(control) }
    }

    /// What the viewer, who is nobody where they are not signed in, is shown of these users. Who is hidden from them is left out.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn cards(&self, viewer: Option<&UserId>, users: &[UserId]) -> Result<Vec<PersonCard>, PeopleError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.cards(viewer, users).await?)
    }

    /// The user of that username, in any case.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`], whether nobody has that name or they are hidden from the viewer; or [`PeopleError::Store`].
    pub async fn find(&self, viewer: Option<&UserId>, username: &str) -> Result<UserId, PeopleError> {
        let username = Username::parse(username).map_err(|_| PeopleError::NotFound)?;
        let found = self.store.find(viewer, &username).await?;
        found.map(|card| card.user).ok_or(PeopleError::NotFound)
    }
}
