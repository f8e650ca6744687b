//! What WebDAV shows: the working state of a slot, which is its current version with all changes that are in no version yet.

use std::collections::{BTreeMap, BTreeSet};

use super::Saves;
use crate::{
    identity::access::UserId,
    journal::saves::{
        model::{
            Content, DavPath, Entry, Found, ListRequest, MAX_SLOTS, Part, SaveError, SavePath, Slot, What, overlay,
        },
        store::Paths,
    },
    platform::{blobs::Blob, db::DatabaseTransaction},
};

/// The working state of a slot at some paths.
pub(super) type State = BTreeMap<SavePath, Entry>;

impl Saves {
    /// The working state of a slot at these paths.
    pub(super) async fn state(
        &self,
        transaction: &DatabaseTransaction,
        slot: &Slot,
        paths: Paths<'_>,
    ) -> Result<State, SaveError> {
        let version = match slot.current {
            Some(number) => self.store.version_in(transaction, slot.id, number).await?,
            None => None,
        };
        let entries = match version {
            Some(version) => self.store.entries(transaction, version.id, paths).await?,
            None => Vec::new(),
        };
        Ok(overlay(entries, self.store.changes(transaction, slot.id, None, paths).await?))
    }

    /// The same, of a slot by its path, at one moment; `None` where there is no slot.
    async fn state_at(
        &self,
        user: &UserId,
        (folder, name): (&Part, &Part),
        paths: Paths<'_>,
    ) -> Result<Option<(Slot, State)>, SaveError> {
        let place = self.place_of_name(user, folder).await?;
        let control = self.store.control();
        let transaction = control.begin_reading().await?;
        let slot = self.store.slot_at(Some(&transaction), user, (&place.folders, name.as_str())).await?;
        let state = match slot {
            Some(slot) => {
                let state = self.state(&transaction, &slot, paths).await?;
                Some((slot, state))
            }
            None => None,
        };
        control.commit(transaction).await?;
        Ok(state)
    }

    /// What is at a path.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], or another.
    pub async fn look(&self, user: &UserId, path: &DavPath) -> Result<Found, SaveError> {
        let collection = |modified_ms| Found { path: path.clone(), content: None, modified_ms };
        match path {
            // Whatever a folder of slots is called, it is there.
            DavPath::Root | DavPath::Folder(_) => Ok(collection(None)),
            DavPath::Slot(folder, name) => {
                let place = self.place_of_name(user, folder).await?;
                let slot = self.store.slot_at(None, user, (&place.folders, name.as_str())).await?;
                Ok(collection(Some(slot.ok_or(SaveError::NotFound)?.changed_at_ms)))
            }
            DavPath::Inside(folder, name, inside) => {
                let found = self.state_at(user, (folder, name), Paths::Tree(inside)).await?;
                let (slot, state) = found.ok_or(SaveError::NotFound)?;
                match state.get(inside) {
                    Some(Entry { what: What::File(content), modified_ms, .. }) => {
                        Ok(Found { content: Some(content.clone()), ..collection(*modified_ms) })
                    }
                    _ if state.is_empty() => Err(SaveError::NotFound),
                    _ => Ok(collection(Some(slot.changed_at_ms))),
                }
            }
        }
    }

    /// What is in a folder, one level deep.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn children(&self, user: &UserId, path: &DavPath) -> Result<Vec<Found>, SaveError> {
        let all = ListRequest { after: None, limit: usize::try_from(MAX_SLOTS).unwrap_or(usize::MAX) };
        let shown = |path, modified_ms| Found { path, content: None, modified_ms };
        match path {
            DavPath::Root => {
                let slots = self.store.slots(user, None, &all).await?.items;
                let folders: BTreeSet<String> = slots.into_iter().map(|slot| slot.folder).collect();
                let folders = folders.iter().filter_map(|folder| Part::parse(folder).ok());
                Ok(folders.map(|folder| shown(DavPath::Folder(folder), None)).collect())
            }
            DavPath::Folder(folder) => {
                let place = self.place_of_name(user, folder).await?;
                let slots = self.store.slots(user, Some(&place.folders), &all).await?.items;
                let slots = slots.into_iter().filter_map(|slot| {
                    let name = Part::parse(&slot.name).ok()?;
                    Some(shown(DavPath::Slot(folder.clone(), name), Some(slot.changed_at_ms)))
                });
                Ok(slots.collect())
            }
            DavPath::Slot(folder, name) => {
                let found = self.state_at(user, (folder, name), Paths::All).await?;
                let (slot, state) = found.ok_or(SaveError::NotFound)?;
                Ok(level(&state, "", (folder, name), slot.changed_at_ms))
            }
            DavPath::Inside(folder, name, inside) => {
                let found = self.state_at(user, (folder, name), Paths::Tree(inside)).await?;
                let (slot, state) = found.ok_or(SaveError::NotFound)?;
                Ok(level(&state, &inside.below(), (folder, name), slot.changed_at_ms))
            }
        }
    }

    /// The file of a content.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], or another.
    pub async fn file(&self, content: &Content) -> Result<Blob, SaveError> {
        let blob = content.blob.as_ref().filter(|_| !content.awaited).ok_or(SaveError::NotFound)?;
        self.blobs.find(blob).await?.ok_or(SaveError::NotFound)
    }
}

/// What of a state lies directly below a prefix: files, and folders that are there or that something is in.
fn level(state: &State, prefix: &str, (folder, name): (&Part, &Part), changed_at_ms: i64) -> Vec<Found> {
    let mut shown: BTreeMap<SavePath, Found> = BTreeMap::new();
    for entry in state.values() {
        let Some(rest) = entry.path.as_str().strip_prefix(prefix) else { continue };
        let (path, content, modified_ms) = match (rest.split_once('/'), &entry.what) {
            (None, What::File(content)) => (entry.path.clone(), Some(content.clone()), entry.modified_ms),
            (None, _) => (entry.path.clone(), None, Some(changed_at_ms)),
            (Some((first, _)), _) => match SavePath::parse(&format!("{prefix}{first}")) {
                Ok(path) => (path, None, Some(changed_at_ms)),
                Err(_) => continue,
            },
        };
        let inside = DavPath::Inside(folder.clone(), name.clone(), path.clone());
        shown.entry(path).or_insert(Found { path: inside, content, modified_ms });
    }
    shown.into_values().collect()
}
