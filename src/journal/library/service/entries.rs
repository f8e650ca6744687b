//! Entries, lists and statistics.

use std::collections::BTreeMap;

use super::Library;
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::access::UserId,
    journal::library::{
        model::{
            DEFAULT_AUDIENCE, Entry, EntryChange, Expected, LibraryError, ListRequest, ListedEntry, MAX_ENTRIES,
            NewEntry, State, Statistics, TitledEntry,
        },
        store::{WishedPrice, With},
    },
    platform::{
        clock,
        error::{Fault, StoreError},
        page::Page,
    },
};

/// A row that was rejected refers to a title that is gone.
fn gone(error: StoreError) -> LibraryError {
    if matches!(error, StoreError::InvalidRow(_)) { LibraryError::GameNotFound } else { error.into() }
}

/// That the time of a change is wrong.
pub(super) fn wrong_time(detail: String) -> LibraryError {
    LibraryError::Invalid(vec![Fault::new("/time", detail)])
}

impl Library {
    async fn card(&self, user: &UserId, title: TitleId) -> Result<TitleCard, LibraryError> {
        let found = self.titles.cards(Some(user), &[title]).await?.pop();
        found.ok_or(LibraryError::GameNotFound)
    }

    /// Adds an entry: one query for the title, one statement for the rest.
    ///
    /// # Errors
    /// [`LibraryError::GameNotFound`], [`LibraryError::EntryExists`], [`LibraryError::LibraryFull`], or the database can't be
    /// reached.
    pub async fn add(&self, user: &UserId, new: NewEntry) -> Result<TitledEntry, LibraryError> {
        let card = self.card(user, new.title).await?;
        // Of a title that was merged into another, the other.
        let entry = NewEntry { title: card.id, ..new }.into_entry();
        if self.store.add(user, &entry).await.map_err(gone)? {
            return Ok(TitledEntry { entry, card });
        }
        let is_full = self.store.count(None, user).await? >= MAX_ENTRIES;
        let is_there = !self.store.entries(None, user, &[card.id.0], With::Playthroughs).await?.is_empty();
        Err(if is_full && !is_there { LibraryError::LibraryFull } else { LibraryError::EntryExists })
    }

    /// An entry, with its history.
    ///
    /// # Errors
    /// [`LibraryError::EntryNotFound`], or the database can't be reached.
    pub async fn entry(&self, user: &UserId, title: TitleId) -> Result<TitledEntry, LibraryError> {
        let card = self.card(user, title).await.map_err(|error| match error {
            LibraryError::GameNotFound => LibraryError::EntryNotFound,
            other => other,
        })?;
        let mut entries = self.store.entries(None, user, &[title.0, card.id.0], With::All).await?;
        let entry = entries.remove(&card.id.0).or_else(|| entries.remove(&title.0));
        Ok(TitledEntry { entry: entry.ok_or(LibraryError::EntryNotFound)?, card })
    }

    /// Changes an entry, or adds it where the library does not have the title.
    ///
    /// # Errors
    /// [`LibraryError::GameNotFound`], [`LibraryError::LibraryFull`], [`LibraryError::Invalid`], [`LibraryError::Stale`],
    /// [`LibraryError::EntryNotFound`] where one is expected, or the database can't be reached.
    pub async fn put(
        &self,
        user: &UserId,
        title: TitleId,
        change: &EntryChange,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        let card = self.card(user, title).await?;
        // A second time where somebody has added or removed it in between.
        for _ in 0..2 {
            if let Some(entry) = self.change(user, title, &card, change, expected).await? {
                return Ok(TitledEntry { entry, card });
            }
            if expected.needs_entry() {
                return Err(LibraryError::EntryNotFound);
            }
            let new = NewEntry {
                title: card.id,
                state: change.state.unwrap_or(State::Wishlist),
                score: change.score.flatten(),
                audience: change.audience.unwrap_or(DEFAULT_AUDIENCE),
                loose_minutes: change.time.map_or(Ok(0), |time| time.apply(0)).map_err(wrong_time)?,
                target: change.target.clone().flatten(),
            };
            match self.add(user, new).await {
                Err(LibraryError::EntryExists) => {}
                other => return other,
            }
        }
        Err(LibraryError::EntryExists)
    }

    /// Changes an entry that is there.
    ///
    /// # Errors
    /// [`LibraryError::EntryNotFound`], [`LibraryError::Invalid`], [`LibraryError::Stale`], or the database can't be reached.
    pub(super) async fn change_known(
        &self,
        user: &UserId,
        title: TitleId,
        change: &EntryChange,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        let card = self.titles.cards(Some(user), &[title]).await?.pop().ok_or(LibraryError::EntryNotFound)?;
        let entry = self.change(user, title, &card, change, expected).await?;
        Ok(TitledEntry { entry: entry.ok_or(LibraryError::EntryNotFound)?, card })
    }

    /// Changes the entry of a title, or of the one that it was merged into; nothing where there is none.
    async fn change(
        &self,
        user: &UserId,
        title: TitleId,
        card: &TitleCard,
        change: &EntryChange,
        expected: &Expected,
    ) -> Result<Option<Entry>, LibraryError> {
        let ids = [title.0, card.id.0];
        let transaction = self.store.begin().await?;
        let mut entries = self.store.entries(Some(&transaction), user, &ids, With::All).await?;
        let Some(mut entry) = ids.iter().rev().find_map(|title| entries.remove(title)) else { return Ok(None) };
        if !expected.allows(entry.revision) {
            return Err(LibraryError::Stale(Box::new(TitledEntry { entry, card: card.clone() })));
        }
        if change.apply(&mut entry, clock::now_ms()).map_err(wrong_time)? {
            self.store.update_entry(&transaction, user, &entry).await?;
            self.store.commit(transaction).await?;
        }
        Ok(Some(entry))
    }

    /// A page of a library, as far as the viewer sees it.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn list(
        &self,
        viewer: Option<&UserId>,
        owner: &UserId,
        request: &ListRequest,
    ) -> Result<Page<ListedEntry>, LibraryError> {
        let page = self.store.list(viewer, owner, request).await?;
        let titles: Vec<TitleId> = page.items.iter().map(|listed| listed.entry.title).collect();
        let cards = self.cards(viewer, &titles).await?;
        let items = page.items.into_iter().filter_map(|listed| {
            let card = cards.get(&listed.entry.title)?.clone();
            Some(ListedEntry { shown: TitledEntry { entry: listed.entry, card }, cursor: listed.cursor })
        });
        Ok(Page { items: items.collect(), more: page.more })
    }

    /// What is shown of titles, by the ids that are asked for.
    pub(super) async fn cards(
        &self,
        viewer: Option<&UserId>,
        titles: &[TitleId],
    ) -> Result<BTreeMap<TitleId, TitleCard>, LibraryError> {
        if titles.is_empty() {
            return Ok(BTreeMap::new());
        }
        Ok(self.titles.cards(viewer, titles).await?.into_iter().map(|card| (card.asked, card)).collect())
    }

    /// What of a library the viewer sees comes to.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn statistics(&self, viewer: Option<&UserId>, owner: &UserId) -> Result<Statistics, LibraryError> {
        Ok(self.store.statistics(viewer, owner).await?)
    }

    /// Price targets of wish lists after one, in their order, for whoever watches prices.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn wished_prices(
        &self,
        after: Option<&WishedPrice>,
        limit: u64,
    ) -> Result<Vec<WishedPrice>, LibraryError> {
        Ok(self.store.wished_prices(after, limit).await?)
    }
}
