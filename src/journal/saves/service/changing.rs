//! What WebDAV changes: files that are sent, folders that are made, and what is removed or moved. All of it is noted in the window of
//! the app password, and becomes a version later.

use std::collections::BTreeMap;

use super::{MEDIA_TYPE, Place, Saves, door::State};
use crate::{
    identity::{access::UserId, app_passwords::AppUser},
    journal::saves::{
        model::{Change, DavPath, DoorRefusal, Entry, MAX_FILES, Part, SaveError, SavePath, Slot, What},
        store::Paths,
    },
    platform::{
        blobs::{Arrival, Blob, BlobError, Bucket, Digest, Intake},
        clock,
        db::DatabaseTransaction,
        error::Fault,
        jobs::Queued,
    },
};

/// A file that was stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Whether there was none at its path.
    pub is_new: bool,
    /// Its digest.
    pub digest: Digest,
}

fn removed(path: &SavePath) -> Entry {
    Entry { path: path.clone(), what: What::Removed, modified_ms: None }
}

/// Refuses a path that is in a file.
fn check_parents(state: &State, path: &SavePath) -> Result<(), SaveError> {
    let is_file = |parent: SavePath| matches!(state.get(&parent), Some(Entry { what: What::File(_), .. }));
    if path.parents().any(is_file) { Err(DoorRefusal::InsideOfFile.into()) } else { Ok(()) }
}

/// Those of a state that are at a path or below it.
fn tree<'a>(state: &'a State, top: &'a SavePath) -> impl Iterator<Item = &'a Entry> {
    let below = top.below();
    state.values().filter(move |entry| entry.path == *top || entry.path.as_str().starts_with(&below))
}

impl Saves {
    /// Begins to take in a file.
    ///
    /// # Errors
    /// [`SaveError::Blobs`].
    pub fn begin_file(&self) -> Result<Intake, SaveError> {
        Ok(self.blobs.begin_intake(Bucket::Saves, self.settings.file_bytes)?)
    }

    /// What has arrived.
    ///
    /// # Errors
    /// [`SaveError::Blobs`].
    pub async fn end_file(&self, intake: Intake, bytes: Option<u64>) -> Result<Arrival, SaveError> {
        Ok(intake.finish(MEDIA_TYPE, bytes).await?)
    }

    /// Has what another app password has changed at a path become a version, so that what follows does not take its place.
    async fn part_from_others(
        &self,
        by: &AppUser,
        place: &Place,
        (name, path): (&Part, &SavePath),
    ) -> Result<(), SaveError> {
        let Some(slot) = self.store.slot_at(None, &by.user, (&place.folders, name.as_str())).await? else {
            return Ok(());
        };
        for window in self.store.windows_of_others(slot.id, &by.password, path).await? {
            self.close(window).await?;
        }
        Ok(())
    }

    /// The slot of a path, made if there is none.
    async fn ensure_slot(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        (place, name): (&Place, &Part),
    ) -> Result<Slot, SaveError> {
        match self.store.slot_at(Some(transaction), user, (&place.folders, name.as_str())).await? {
            Some(slot) => Ok(slot),
            None => self.insert_slot(transaction, user, place, name).await,
        }
    }

    /// Notes changes of a slot in the window of an app password.
    async fn note(
        &self,
        transaction: &DatabaseTransaction,
        slot: &Slot,
        by: &AppUser,
        entries: Vec<Entry>,
    ) -> Result<Option<Queued>, SaveError> {
        let now_ms = clock::now_ms();
        let (window, is_new) = self.store.open_window(transaction, slot.id, (&by.password, &by.name), now_ms).await?;
        let changes: Vec<Change> = entries.into_iter().map(|entry| Change { entry, at_ms: now_ms }).collect();
        self.store.change(transaction, window, &changes).await?;
        Ok(if is_new { Some(self.close_later(transaction, window).await?) } else { None })
    }

    /// Refuses more files than a version may have.
    async fn check_files(&self, transaction: &DatabaseTransaction, slot: &Slot, more: usize) -> Result<(), SaveError> {
        let version = match slot.current {
            Some(number) => self.store.version_in(transaction, slot.id, number).await?,
            None => None,
        };
        let files = version.map_or(0, |version| usize::try_from(version.files).unwrap_or(usize::MAX));
        let changes = self.store.count_changes(transaction, slot.id).await?;
        // It may be fewer: some changes are of files that are there.
        if files.saturating_add(changes).saturating_add(more) <= MAX_FILES {
            return Ok(());
        }
        let state = self.state(transaction, slot, Paths::All).await?;
        if state.len().saturating_add(more) <= MAX_FILES { Ok(()) } else { Err(SaveError::TooManyFiles) }
    }

    /// Stores a file that has arrived at a path.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn put(
        &self,
        by: &AppUser,
        path: &DavPath,
        (arrival, modified_ms): (Arrival, Option<i64>),
    ) -> Result<Stored, SaveError> {
        let DavPath::Inside(folder, name, inside) = path else { return Err(DoorRefusal::OutsideOfSlots.into()) };
        let place = self.place_of_name(&by.user, folder).await?;
        self.part_from_others(by, &place, (name, inside)).await?;
        // What the user has already is not stored again.
        let blob = if self.has(&by.user, arrival.blob.digest).await? {
            Err(arrival.blob.clone())
        } else {
            Ok(self.blobs.place(arrival).await?)
        };
        let outcome = self.put_placed(by, (&place, name, inside), &blob, modified_ms).await;
        if let Ok(placed) = &blob
            && !matches!(&outcome, Ok((_, true)))
        {
            self.blobs.discard(placed).await;
        }
        match outcome {
            Ok((stored, _)) => Ok(stored),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn has(&self, user: &UserId, digest: Digest) -> Result<bool, SaveError> {
        let control = self.store.control();
        let transaction = control.begin_reading().await?;
        let known = self.store.contents(&transaction, user, &[digest]).await?;
        control.commit(transaction).await?;
        Ok(known.iter().any(|content| !content.awaited))
    }

    /// Stores what lies in its place, or what the user has already; returns whether the former is needed.
    async fn put_placed(
        &self,
        by: &AppUser,
        (place, name, path): (&Place, &Part, &SavePath),
        blob: &Result<Blob, Blob>,
        modified_ms: Option<i64>,
    ) -> Result<(Stored, bool), SaveError> {
        let (Ok(is) | Err(is)) = blob;
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, &by.user).await?;
        let slot = self.ensure_slot(&transaction, &by.user, (place, name)).await?;
        let state = self.state(&transaction, &slot, Paths::Around(path)).await?;
        check_parents(&state, path)?;
        let is_new = match state.get(path) {
            Some(Entry { what: What::File(_), .. }) => false,
            _ if tree(&state, path).next().is_some() => return Err(DoorRefusal::IsFolder.into()),
            _ => true,
        };
        if is_new {
            self.check_files(&transaction, &slot, 1).await?;
        }
        let known = self.store.contents(&transaction, &by.user, &[is.digest]).await?.pop();
        let mut is_needed = false;
        let content = match (known, blob) {
            (Some(content), _) if !content.awaited => content,
            (Some(content), Ok(blob)) => {
                // It was asked for by another way, and has come by this one.
                self.blobs.record(&transaction, blob, Some(by.user.as_str())).await?;
                if let Some(before) = &content.blob {
                    self.blobs.release(&transaction, std::slice::from_ref(before)).await?;
                }
                self.store.set_blob(&transaction, content.id, &blob.key, false).await?;
                self.finish_those_with(&transaction, content.id).await?;
                is_needed = true;
                content
            }
            (None, Ok(blob)) => {
                let bytes = i64::try_from(blob.bytes).unwrap_or(i64::MAX);
                self.check_room(&keeper, 1, bytes)?;
                self.store.add(&transaction, keeper.id, (1, bytes)).await?;
                self.blobs.record(&transaction, blob, Some(by.user.as_str())).await?;
                is_needed = true;
                self.store.insert_content(&transaction, &by.user, (blob.digest, blob.bytes), Some(&blob.key)).await?
            }
            // What was there a moment ago has been removed: the client sends it again.
            (_, Err(_)) => return Err(BlobError::Away.into()),
        };
        let modified_ms = Some(modified_ms.unwrap_or_else(clock::now_ms));
        let entry = Entry { path: path.clone(), what: What::File(content), modified_ms };
        let queued = self.note(&transaction, &slot, by, vec![entry]).await?;
        control.commit(transaction).await?;
        if let Some(queued) = queued {
            queued.wake().await;
        }
        Ok((Stored { is_new, digest: is.digest }, is_needed))
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// `DoorRefusal::Exists`, or another [`SaveError`].
    pub async fn make_folder(&self, by: &AppUser, path: &DavPath) -> Result<(), SaveError> {
        let (folder, name, inside) = match path {
            DavPath::Root | DavPath::Folder(_) => return Err(DoorRefusal::Exists.into()),
            DavPath::Slot(folder, name) => (folder, name, None),
            DavPath::Inside(folder, name, inside) => (folder, name, Some(inside)),
        };
        let place = self.place_of_name(&by.user, folder).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        self.store.lock(&transaction, &by.user).await?;
        let Some(inside) = inside else {
            let slot = self.store.slot_at(Some(&transaction), &by.user, (&place.folders, name.as_str())).await?;
            if slot.is_some() {
                return Err(DoorRefusal::Exists.into());
            }
            self.insert_slot(&transaction, &by.user, &place, name).await?;
            return Ok(control.commit(transaction).await?);
        };
        let slot = self.ensure_slot(&transaction, &by.user, (&place, name)).await?;
        let state = self.state(&transaction, &slot, Paths::Around(inside)).await?;
        check_parents(&state, inside)?;
        if tree(&state, inside).next().is_some() {
            return Err(DoorRefusal::Exists.into());
        }
        self.check_files(&transaction, &slot, 1).await?;
        let entry = Entry { path: inside.clone(), what: What::Folder, modified_ms: None };
        let queued = self.note(&transaction, &slot, by, vec![entry]).await?;
        control.commit(transaction).await?;
        if let Some(queued) = queued {
            queued.wake().await;
        }
        Ok(())
    }

    /// Removes what is at a path, with all below it. Earlier versions have it still.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], or another.
    pub async fn remove_at(&self, by: &AppUser, path: &DavPath) -> Result<(), SaveError> {
        let (folder, name, inside) = match path {
            DavPath::Root | DavPath::Folder(_) => return Err(DoorRefusal::SlotsStay.into()),
            DavPath::Slot(folder, name) => (folder, name, None),
            DavPath::Inside(folder, name, inside) => (folder, name, Some(inside)),
        };
        let place = self.place_of_name(&by.user, folder).await?;
        let control = self.store.control();
        if let Some(inside) = inside {
            self.part_from_others(by, &place, (name, inside)).await?;
        }
        let transaction = control.begin().await?;
        self.store.lock(&transaction, &by.user).await?;
        let slot = self.store.slot_at(Some(&transaction), &by.user, (&place.folders, name.as_str())).await?;
        let slot = slot.ok_or(SaveError::NotFound)?;
        let state = self.state(&transaction, &slot, inside.map_or(Paths::All, Paths::Tree)).await?;
        if state.is_empty() {
            match inside {
                Some(_) => return Err(SaveError::NotFound),
                None if slot.current.is_none() => self.store.delete_slot(&transaction, slot.id).await?,
                None => {}
            }
            return Ok(control.commit(transaction).await?);
        }
        let queued = self.note(&transaction, &slot, by, state.keys().map(removed).collect()).await?;
        control.commit(transaction).await?;
        if let Some(queued) = queued {
            queued.wake().await;
        }
        Ok(())
    }

    /// Moves what is at a path, with all below it; returns whether there was nothing at the other path.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], `DoorRefusal::Exists` unless it may be replaced, or another.
    pub async fn move_to(
        &self,
        by: &AppUser,
        (from, to): (&DavPath, &DavPath),
        may_replace: bool,
    ) -> Result<bool, SaveError> {
        let (DavPath::Inside(from_folder, from_name, from), DavPath::Inside(to_folder, to_name, to)) = (from, to)
        else {
            return Err(DoorRefusal::SlotsStay.into());
        };
        let (from_place, to_place) =
            (self.place_of_name(&by.user, from_folder).await?, self.place_of_name(&by.user, to_folder).await?);
        self.part_from_others(by, &from_place, (from_name, from)).await?;
        self.part_from_others(by, &to_place, (to_name, to)).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        self.store.lock(&transaction, &by.user).await?;
        let source =
            self.store.slot_at(Some(&transaction), &by.user, (&from_place.folders, from_name.as_str())).await?;
        let source = source.ok_or(SaveError::NotFound)?;
        let moved = self.state(&transaction, &source, Paths::Tree(from)).await?;
        if moved.is_empty() {
            return Err(SaveError::NotFound);
        }
        let target = self.ensure_slot(&transaction, &by.user, (&to_place, to_name)).await?;
        let is_inside = to == from || to.as_str().starts_with(&from.below()) || from.as_str().starts_with(&to.below());
        if source.id == target.id && is_inside {
            return Err(DoorRefusal::IntoItself.into());
        }
        let there = self.state(&transaction, &target, Paths::Around(to)).await?;
        check_parents(&there, to)?;
        let replaced: Vec<SavePath> = tree(&there, to).map(|entry| entry.path.clone()).collect();
        if !replaced.is_empty() && !may_replace {
            return Err(DoorRefusal::Exists.into());
        }
        self.check_files(&transaction, &target, moved.len()).await?;
        let mut changes: BTreeMap<SavePath, Entry> =
            replaced.iter().map(|path| (path.clone(), removed(path))).collect();
        for entry in moved.values() {
            let path = entry
                .path
                .moved(from, to)
                .map_err(|detail| SaveError::Invalid(vec![Fault::new("Destination", detail)]))?;
            changes.insert(path.clone(), Entry { path, ..entry.clone() });
        }
        let gone = moved.keys().map(removed);
        let mut queued = Vec::new();
        if source.id == target.id {
            let all = gone.chain(changes.into_values()).collect();
            queued.extend(self.note(&transaction, &source, by, all).await?);
        } else {
            queued.extend(self.note(&transaction, &source, by, gone.collect()).await?);
            queued.extend(self.note(&transaction, &target, by, changes.into_values().collect()).await?);
        }
        control.commit(transaction).await?;
        for queued in queued {
            queued.wake().await;
        }
        Ok(replaced.is_empty())
    }
}
