//! Playthroughs of an entry, and the time spent on it.

use super::{Library, entries::wrong_time};
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    journal::library::{
        model::{
            Entry, EntryChange, Expected, LibraryError, MAX_PLAYTHROUGHS, Playthrough, PlaythroughChange, TitledEntry,
            Written, minutes::TimeChange,
        },
        store::With,
    },
    platform::clock,
};

/// What becomes of one playthrough of an entry: its number, and what it is now.
type Put = (i16, Option<Playthrough>);

impl Library {
    /// Adds a playthrough, the last one of the entry.
    ///
    /// # Errors
    /// [`LibraryError::EntryNotFound`], [`LibraryError::TooManyPlaythroughs`], [`LibraryError::Invalid`], [`LibraryError::Stale`],
    /// or the database can't be reached.
    pub async fn add_playthrough(
        &self,
        user: &UserId,
        title: TitleId,
        change: PlaythroughChange,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        self.edit(user, title, expected, |entry| {
            let number = entry.next_number().ok_or(LibraryError::TooManyPlaythroughs(MAX_PLAYTHROUGHS))?;
            let run = change.into_playthrough(Playthrough { number, ..Playthrough::default() }).map_err(wrong_time)?;
            entry.playthroughs.push(run.clone());
            Ok((number, Some(run)))
        })
        .await
    }

    /// Writes a playthrough.
    ///
    /// # Errors
    /// [`LibraryError::PlaythroughNotFound`], and those of [`Library::add_playthrough`].
    pub async fn put_playthrough(
        &self,
        user: &UserId,
        title: TitleId,
        number: i16,
        change: PlaythroughChange,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        self.edit(user, title, expected, |entry| {
            let known = entry.playthroughs.iter_mut().find(|run| run.number == number);
            let known = known.ok_or(LibraryError::PlaythroughNotFound)?;
            *known = change.into_playthrough(known.clone()).map_err(wrong_time)?;
            Ok((number, Some(known.clone())))
        })
        .await
    }

    /// Removes a playthrough, with its time.
    ///
    /// # Errors
    /// [`LibraryError::PlaythroughNotFound`], and those of [`Library::add_playthrough`].
    pub async fn remove_playthrough(
        &self,
        user: &UserId,
        title: TitleId,
        number: i16,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        self.edit(user, title, expected, |entry| {
            let place = entry.playthroughs.iter().position(|run| run.number == number);
            entry.playthroughs.remove(place.ok_or(LibraryError::PlaythroughNotFound)?);
            Ok((number, None))
        })
        .await
    }

    /// Changes the time of one playthrough, or of the entry.
    ///
    /// # Errors
    /// [`LibraryError::PlaythroughNotFound`], and those of [`Library::add_playthrough`].
    pub async fn change_time(
        &self,
        user: &UserId,
        title: TitleId,
        number: Option<i16>,
        time: TimeChange,
        expected: &Expected,
    ) -> Result<TitledEntry, LibraryError> {
        let Some(number) = number else {
            let change = EntryChange { time: Some(time), ..EntryChange::default() };
            return self.change_known(user, title, &change, expected).await;
        };
        self.edit(user, title, expected, |entry| {
            let known = entry.playthroughs.iter_mut().find(|run| run.number == number);
            let known = known.ok_or(LibraryError::PlaythroughNotFound)?;
            known.minutes = Some(time.apply(known.minutes.unwrap_or_default()).map_err(wrong_time)?);
            known.written = true;
            Ok((number, Some(known.clone())))
        })
        .await
    }

    async fn edit(
        &self,
        user: &UserId,
        title: TitleId,
        expected: &Expected,
        change: impl FnOnce(&mut Entry) -> Result<Put, LibraryError> + Send,
    ) -> Result<TitledEntry, LibraryError> {
        let card = self.titles.cards(Some(user), &[title]).await?.pop().ok_or(LibraryError::EntryNotFound)?;
        let ids = [title.0, card.id.0];
        let transaction = self.store.begin().await?;
        let mut entries = self.store.entries(Some(&transaction), user, &ids, With::All).await?;
        let entry = entries.remove(&card.id.0).or_else(|| entries.remove(&title.0));
        let mut entry = entry.ok_or(LibraryError::EntryNotFound)?;
        if !expected.allows(entry.revision) {
            return Err(LibraryError::Stale(Box::new(TitledEntry { entry, card })));
        }
        let (number, run) = change(&mut entry)?;
        entry.written = entry.written.and(Written::TIME);
        entry.touch(clock::now_ms());
        self.store.put_playthrough(&transaction, user, &entry, number, run.as_ref()).await?;
        self.store.update_entry(&transaction, user, &entry).await?;
        self.store.commit(transaction).await?;
        Ok(TitledEntry { entry, card })
    }
}
