//! The use cases of places.

use std::time::Duration;

use super::{People, wait};
use crate::{
    identity::{
        access::UserId,
        people::model::{Band, CELL_KEPT, OwnPlace, PeopleError, PlaceChange, crowded_cells},
    },
    platform::{clock, error::with_causes},
};

/// Accounts younger than this don't count: nobody makes a crowd of their own in an afternoon.
const COUNTED_AGE: Duration = Duration::from_hours(30 * 24);

/// How often it is looked whether a day has begun.
const LOOK_EVERY: Duration = Duration::from_mins(10);

/// A day, in ms.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl People {
    /// Where a user says that they are; `None` where they don't.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn own_place(&self, user: &UserId) -> Result<Option<OwnPlace>, PeopleError> {
        Ok(self.store.own_place(user).await?)
    }

    /// Says where a user is. The cell changes once a day; who sees it may change at any time.
    ///
    /// # Errors
    /// [`PeopleError::PlaceChangedLately`], [`PeopleError::Gone`], or [`PeopleError::Store`].
    pub async fn set_place(&self, user: &UserId, change: PlaceChange) -> Result<OwnPlace, PeopleError> {
        let now_ms = clock::now_ms();
        let may_move = |last_ms| match wait(last_ms, CELL_KEPT, now_ms) {
            None => Ok(()),
            Some(wait) => Err(PeopleError::PlaceChangedLately(wait)),
        };
        self.store.set_place(user, change, now_ms, may_move).await?;
        self.store.own_place(user).await?.ok_or(PeopleError::Gone)
    }

    /// Removes the place of a user.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn remove_place(&self, user: &UserId) -> Result<(), PeopleError> {
        Ok(self.store.remove_place(user).await?)
    }

    /// How far somebody is from the viewer; `None` where one of them has no place, or does not let the viewer know.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn band(&self, viewer: &UserId, owner: &UserId) -> Result<Option<Band>, PeopleError> {
        if viewer == owner {
            return Ok(None);
        }
        let Some(theirs) = self.store.place_shown_to(viewer, owner).await? else { return Ok(None) };
        let own = self.store.own_place(viewer).await?;
        Ok(own.map(|own| Band::between(own.shown, theirs.shown)))
    }

    /// Counts the accounts in cells, if that was not done today.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn count_accounts_in_cells(&self) -> Result<(), PeopleError> {
        let now_ms = clock::now_ms();
        let today = now_ms.div_euclid(DAY_MS);
        if self.store.counted_on().await? >= today {
            return Ok(());
        }
        let accounts = self.store.accounts_in_cells(now_ms.saturating_sub(clock::ms(COUNTED_AGE))).await?;
        let occupied = accounts.keys().copied().collect();
        Ok(self.store.mark_crowded(today, &occupied, &crowded_cells(&accounts)).await?)
    }

    pub(super) async fn count_daily(self) {
        loop {
            if let Err(error) = self.count_accounts_in_cells().await {
                tracing::warn!(error = with_causes(&error), "counting the accounts in places failed");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
