//! Edits of many entries, deletions, and undoing them.

use super::{Library, entries::wrong_time};
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    journal::library::{
        model::{BulkChange, BulkEdit, EditId, EditSummary, Entry, Expected, LibraryError, TitledEntry, Undone},
        store::{Recorded, UndoProgress, With},
    },
    platform::clock,
};

impl Library {
    /// Removes an entry. It can be undone for a while.
    ///
    /// # Errors
    /// [`LibraryError::EntryNotFound`], [`LibraryError::Stale`], or the database can't be reached.
    pub async fn delete(
        &self,
        user: &UserId,
        title: TitleId,
        expected: &Expected,
    ) -> Result<EditSummary, LibraryError> {
        let card = if expected.needs_entry() {
            Some(self.titles.cards(Some(user), &[title]).await?.pop().ok_or(LibraryError::EntryNotFound)?)
        } else {
            None
        };
        let edit = BulkEdit { titles: vec![title], change: BulkChange::Delete };
        let summary = self
            .edit_checked(user, edit, |entry| match &card {
                Some(card) if !expected.allows(entry.revision) => {
                    let (entry, card) = (entry.clone(), card.clone());
                    Err(LibraryError::Stale(Box::new(TitledEntry { entry, card })))
                }
                _ => Ok(()),
            })
            .await?;
        if summary.changed == 0 { Err(LibraryError::EntryNotFound) } else { Ok(summary) }
    }

    /// Edits many entries, all or none. It can be undone for a while.
    ///
    /// # Errors
    /// [`LibraryError::Invalid`], or the database can't be reached.
    pub async fn edit_many(&self, user: &UserId, edit: BulkEdit) -> Result<EditSummary, LibraryError> {
        self.edit_checked(user, edit, |_| Ok(())).await
    }

    /// The same, unless `check` refuses an entry as it is before.
    async fn edit_checked(
        &self,
        user: &UserId,
        edit: BulkEdit,
        check: impl Fn(&Entry) -> Result<(), LibraryError> + Send,
    ) -> Result<EditSummary, LibraryError> {
        let now_ms = clock::now_ms();
        let expires_ms = clock::ms_from_now(self.settings.undo);
        let ids: Vec<i64> = edit.titles.iter().map(|title| title.0).collect();
        let transaction = self.store.begin().await?;
        let before = self.store.entries(Some(&transaction), user, &ids, With::All).await?;
        before.values().try_for_each(check)?;
        let missing = edit.titles.iter().filter(|title| !before.contains_key(&title.0)).copied().collect();
        let mut changed: Vec<Entry> = Vec::new();
        let mut removed: Vec<i64> = Vec::new();
        match &edit.change {
            BulkChange::Delete => removed.extend(before.keys()),
            BulkChange::Change(change) => {
                for entry in before.values() {
                    let mut entry = entry.clone();
                    if change.apply(&mut entry, now_ms).map_err(wrong_time)? {
                        changed.push(entry);
                    }
                }
            }
        }
        let count = changed.len() + removed.len();
        if count == 0 {
            return Ok(EditSummary { id: None, changed: 0, missing, undo_until_ms: expires_ms });
        }
        let id = EditId::generate();
        self.store.insert_edit(&transaction, user, &id, expires_ms).await?;
        let gone = removed.iter().map(|title| (*title, None));
        let present = changed.iter().map(|entry| (entry.title.0, Some(entry.revision)));
        let rows =
            gone.chain(present).map(|(title, revision)| Recorded { title, before: before.get(&title), revision });
        self.store.record(&transaction, &id, &rows.collect::<Vec<_>>()).await?;
        self.store.delete_entries(&transaction, user, &removed).await?;
        for entry in &changed {
            self.store.update_entry(&transaction, user, entry).await?;
        }
        self.store.commit(transaction).await?;
        Ok(EditSummary { id: Some(id), changed: count, missing, undo_until_ms: expires_ms })
    }

    /// Undoes an edit or a deletion: its entries are again as they were, except those that were changed since. Undone a second time
    /// it changes nothing.
    ///
    /// # Errors
    /// [`LibraryError::EditNotFound`], or the database can't be reached.
    pub async fn undo(&self, user: &UserId, edit: &EditId) -> Result<Undone, LibraryError> {
        loop {
            match self.store.undo_slice(user, edit).await? {
                UndoProgress::Gone => return Err(LibraryError::EditNotFound),
                UndoProgress::More => {}
                UndoProgress::Done(undone) => return Ok(undone),
            }
        }
    }
}
