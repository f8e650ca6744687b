//! Applying an import to the library, and undoing it: in slices, each a transaction of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::Library;
use crate::{
    identity::access::UserId,
    journal::library::{
        model::{
            EditId, Entry, Import, ImportId, ImportRow, ImportStatus, LibraryError, MAX_ENTRIES, Outcome, Planned,
            Resolution, RowPage, Undone, plan,
        },
        store::{LockedImport, Recorded, StoredRow, With},
    },
    platform::{clock, named::Named, page::Page},
};

/// Rows in one transaction: so many are written well within the time for which it may hold the writing connection.
const SLICE: u64 = 100;

/// What a slice makes of entries.
#[derive(Default)]
struct Changes {
    entries: BTreeMap<i64, Entry>,
    /// The titles among them that the library did not have.
    new: BTreeSet<i64>,
    /// Rows of which something else became than was planned.
    other: Vec<(i32, Outcome, &'static str)>,
}

fn not_ready(status: ImportStatus) -> LibraryError {
    LibraryError::ImportNotReady(status.public_name())
}

fn changes(rows: &[StoredRow], present: &BTreeMap<i64, Entry>, locked: &LockedImport, now_ms: i64) -> Changes {
    let mut changes = Changes::default();
    let import = &locked.import;
    for row in rows {
        let Some(title) = row.title.filter(|_| !matches!(row.outcome, Outcome::Unclear | Outcome::Refused)) else {
            continue;
        };
        let existing = changes.entries.get(&title).or_else(|| present.get(&title));
        let title_id = crate::catalogue::titles::TitleId(title);
        let (outcome, why) = match plan(existing, title_id, &row.entry, import.source, import.options, now_ms) {
            Planned::New(entry) => {
                changes.new.insert(title);
                changes.entries.insert(title, entry);
                (Outcome::New, "")
            }
            Planned::Changed(entry) => {
                changes.entries.insert(title, entry);
                (Outcome::Changed, "")
            }
            Planned::Same(why) => (Outcome::Same, why),
        };
        if outcome != row.outcome {
            changes.other.push((row.number, outcome, why));
        }
    }
    changes
}

impl Library {
    /// The imports of a user that are kept, the newest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn imports(&self, user: &UserId) -> Result<Vec<Import>, LibraryError> {
        Ok(self.store.imports(user).await?)
    }

    /// An import of a user.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], or the database can't be reached.
    pub async fn import(&self, user: &UserId, import: &ImportId) -> Result<Import, LibraryError> {
        let found = self.store.import(None, user, import).await?;
        found.map(|locked| locked.import).ok_or(LibraryError::ImportNotFound)
    }

    /// A page of the rows of an import.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], or the database can't be reached.
    pub async fn import_rows(
        &self,
        user: &UserId,
        import: &ImportId,
        page: RowPage,
    ) -> Result<Page<ImportRow>, LibraryError> {
        self.import(user, import).await?;
        Ok(self.store.import_rows(import, page).await?)
    }

    /// Forgets an import: what it has put into the library stays, and can't be undone any more.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], or the database can't be reached.
    pub async fn forget_import(&self, user: &UserId, import: &ImportId) -> Result<(), LibraryError> {
        self.import(user, import).await?;
        Ok(self.store.remove_import(&import.0).await?)
    }

    /// Says which game an unclear row means, or that it is to be left out. Returns the row as it is now.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], [`LibraryError::RowNotFound`], [`LibraryError::RowClear`],
    /// [`LibraryError::ImportNotReady`], [`LibraryError::GameNotFound`], or the database can't be reached.
    pub async fn resolve_row(
        &self,
        user: &UserId,
        import: &ImportId,
        number: i32,
        resolution: Resolution,
    ) -> Result<ImportRow, LibraryError> {
        let title = match resolution {
            Resolution::Game(title) => {
                let card = self.titles.cards(Some(user), &[title]).await?.pop();
                Some(card.ok_or(LibraryError::GameNotFound)?.id)
            }
            Resolution::Skip => None,
        };
        let transaction = self.store.begin().await?;
        let locked = self.store.import(Some(&transaction), user, import).await?;
        let mut locked = locked.ok_or(LibraryError::ImportNotFound)?;
        if locked.import.status != ImportStatus::Ready {
            return Err(not_ready(locked.import.status));
        }
        let found = self.store.import_row(&transaction, import, number).await?;
        let (mut row, stored) = found.ok_or(LibraryError::RowNotFound)?;
        if row.outcome != Outcome::Unclear {
            return Err(LibraryError::RowClear);
        }
        (row.outcome, row.title, row.why) = match title {
            None => (Outcome::Refused, None, "left out by you".to_owned()),
            Some(title) => {
                let present = self.store.entries(Some(&transaction), user, &[title.0], With::Playthroughs).await?;
                let (source, options) = (locked.import.source, locked.import.options);
                let planned = plan(present.get(&title.0), title, &stored.entry, source, options, clock::now_ms());
                match planned {
                    Planned::New(_) => (Outcome::New, Some(title), String::new()),
                    Planned::Changed(_) => (Outcome::Changed, Some(title), String::new()),
                    Planned::Same(why) => (Outcome::Same, Some(title), why.to_owned()),
                }
            }
        };
        locked.import.counts.add(Outcome::Unclear, -1);
        locked.import.counts.add(row.outcome, 1);
        self.store.update_row(&transaction, import, &row).await?;
        self.store.update_import(&transaction, &locked).await?;
        self.store.commit(transaction).await?;
        Ok(row)
    }

    /// Applies an import to the library. What stops it midway loses nothing: applied again it goes on.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], [`LibraryError::ImportNotReady`], [`LibraryError::LibraryFull`], or the database can't be
    /// reached.
    pub async fn apply_import(&self, user: &UserId, import: &ImportId) -> Result<Import, LibraryError> {
        loop {
            if let Some(done) = Box::pin(self.apply_slice(user, import)).await? {
                return Ok(done);
            }
        }
    }

    /// Applies the next rows; the import where there are no more.
    async fn apply_slice(&self, user: &UserId, import: &ImportId) -> Result<Option<Import>, LibraryError> {
        let now_ms = clock::now_ms();
        let transaction = self.store.begin().await?;
        let locked = self.store.import(Some(&transaction), user, import).await?;
        let mut locked = locked.ok_or(LibraryError::ImportNotFound)?;
        match locked.import.status {
            ImportStatus::Ready | ImportStatus::Applying => {}
            ImportStatus::Applied => return Ok(Some(locked.import)),
            other => return Err(not_ready(other)),
        }
        locked.import.status = ImportStatus::Applying;
        if locked.edit.is_none() {
            locked.import.expires_ms = clock::ms_from_now(self.settings.import_undo);
        }
        let edit = if let Some(edit) = &locked.edit {
            edit.clone()
        } else {
            let edit = EditId::generate();
            self.store.insert_edit(&transaction, user, &edit, locked.import.expires_ms).await?;
            locked.edit.insert(edit).clone()
        };
        let rows = self.store.rows_after(&transaction, import, locked.applied_upto, SLICE).await?;
        let is_done = rows.is_empty();
        if let Some(last) = rows.last() {
            locked.applied_upto = last.number;
            self.write_slice(&transaction, user, &edit, &rows, &mut locked, now_ms).await?;
        } else {
            locked.import.status = ImportStatus::Applied;
        }
        self.store.update_import(&transaction, &locked).await?;
        self.store.commit(transaction).await?;
        Ok(Some(locked.import).filter(|_| is_done))
    }

    async fn write_slice(
        &self,
        transaction: &crate::journal::library::store::Transaction,
        user: &UserId,
        edit: &EditId,
        rows: &[StoredRow],
        locked: &mut LockedImport,
        now_ms: i64,
    ) -> Result<(), LibraryError> {
        let titles: Vec<i64> = rows.iter().filter_map(|row| row.title).collect();
        let present = self.store.entries(Some(transaction), user, &titles, With::All).await?;
        let Changes { entries, new, other } = changes(rows, &present, locked, now_ms);
        let count = self.store.count(Some(transaction), user).await?;
        if count.saturating_add(i64::try_from(new.len()).unwrap_or(i64::MAX)) > MAX_ENTRIES {
            return Err(LibraryError::LibraryFull);
        }
        let record = |(title, entry): (&i64, &Entry)| (*title, entry.revision);
        let recorded: Vec<Recorded<'_>> = entries
            .iter()
            .map(record)
            .map(|(title, revision)| Recorded { title, before: present.get(&title), revision: Some(revision) })
            .collect();
        self.store.record(transaction, edit, &recorded).await?;
        let (added, changed): (Vec<&Entry>, Vec<&Entry>) =
            entries.values().partition(|entry| new.contains(&entry.title.0));
        self.store.insert_entries(transaction, user, added).await?;
        self.store.replace_entries(transaction, user, changed).await?;
        for (number, outcome, why) in other {
            let planned = rows.iter().find(|row| row.number == number).map(|row| row.outcome);
            let found = self.store.import_row(transaction, &locked.import.id, number).await?;
            if let (Some(planned), Some((row, _))) = (planned, found) {
                locked.import.counts.add(planned, -1);
                locked.import.counts.add(outcome, 1);
                let row = ImportRow { outcome, why: why.to_owned(), ..row };
                self.store.update_row(transaction, &locked.import.id, &row).await?;
            }
        }
        Ok(())
    }

    /// Undoes a whole import, or as much of it as was applied: what it has added is removed, what it has changed is again as it was,
    /// except what was changed since.
    ///
    /// # Errors
    /// [`LibraryError::ImportNotFound`], [`LibraryError::ImportNotReady`], or the database can't be reached.
    pub async fn undo_import(&self, user: &UserId, import: &ImportId) -> Result<Undone, LibraryError> {
        let edit = self.mark_import(user, import, ImportStatus::Undoing).await?;
        let undone = self.undo(user, &edit).await.map_err(|error| match error {
            LibraryError::EditNotFound => LibraryError::ImportNotFound,
            other => other,
        })?;
        self.mark_import(user, import, ImportStatus::Undone).await?;
        Ok(undone)
    }

    /// Marks an import that was applied; returns the edit by which it is undone.
    async fn mark_import(
        &self,
        user: &UserId,
        import: &ImportId,
        status: ImportStatus,
    ) -> Result<EditId, LibraryError> {
        let transaction = self.store.begin().await?;
        let locked = self.store.import(Some(&transaction), user, import).await?;
        let mut locked = locked.ok_or(LibraryError::ImportNotFound)?;
        let edit = locked.edit.clone().ok_or_else(|| not_ready(locked.import.status))?;
        if locked.import.status != ImportStatus::Undone {
            locked.import.status = status;
            self.store.update_import(&transaction, &locked).await?;
            self.store.commit(transaction).await?;
        }
        Ok(edit)
    }
}
