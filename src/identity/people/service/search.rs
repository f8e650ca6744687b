//! The search for people.

use std::collections::HashMap;

use super::People;
use crate::{
    identity::{
        access::UserId,
        people::model::{Band, Cell, Found, PeopleError, Search},
    },
    platform::{named::Named, page::Page},
};

/// People of which a search makes its order: who looks for somebody among more has to say more.
const MOST: usize = 500;

impl People {
    /// A page of the people for whom all of a search holds, near ones first, then those with many games in common.
    ///
    /// # Errors
    /// [`PeopleError::PlaceNeeded`] where it is by place, and the user has none; or [`PeopleError::Store`].
    pub async fn search(&self, user: &UserId, search: &Search) -> Result<Page<Found>, PeopleError> {
        let mut found = match search.within {
            Some(within) => self.near(user, search, within).await?,
            None => self.store.search(user, search, None, to_rows(MOST)).await?,
        };
        found.sort_by_cached_key(Found::cursor);
        // Two words of a name may begin alike.
        found.dedup_by(|one, other| one.card.user == other.card.user);
        if let Some(after) = &search.after {
            found.retain(|found| found.cursor() > *after);
        }
        Ok(Page::cut(found, search.limit))
    }

    /// The people within a band, band by band, until there are enough.
    async fn near(&self, user: &UserId, search: &Search, within: Band) -> Result<Vec<Found>, PeopleError> {
        let own = self.store.own_place(user).await?.ok_or(PeopleError::PlaceNeeded)?.shown;
        let cells = self.store.cells_of(&own.regions_within(within)).await?;
        let bands: HashMap<Cell, Band> =
            cells.into_iter().map(|(cell, crowded)| (cell, Band::between(own, cell.shown(crowded)))).collect();
        let mut all = Vec::new();
        for band in Band::MEMBERS.iter().copied().filter(|band| *band <= within) {
            let mut these: Vec<Cell> = bands.iter().filter(|(_, is)| **is == band).map(|(cell, _)| *cell).collect();
            let left = MOST.saturating_sub(all.len());
            if these.is_empty() || left == 0 {
                continue;
            }
            these.sort_unstable();
            let found = self.store.search(user, search, Some(&these), to_rows(left)).await?;
            all.extend(found.into_iter().map(|found| Found { band: Some(band), ..found }));
        }
        Ok(all)
    }
}

fn to_rows(most: usize) -> u64 {
    u64::try_from(most).unwrap_or(u64::MAX)
}
