//! The use cases of saves. [`asking`] takes new versions, [`arriving`] and [`closing`] are the jobs, [`door`] and [`changing`] are what
//! WebDAV does.

mod arriving;
mod asking;
mod changing;
mod closing;
mod door;

pub use self::arriving::TAKE_SAVE;
use super::{
    config::Settings,
    model::{
        Folder, LinkedManifest, ListRequest, ListedSlot, Manifest, NewVersion, Part, SAVE_HELD, SaveError, Slot,
        SlotId, Version, VersionState, What,
    },
    store::{Paths, Store},
};
use crate::{
    catalogue::titles::{TitleCard, TitleError, TitleId, Titles},
    identity::{
        access::UserId,
        notices::{self, NewNotice},
    },
    platform::{
        blobs::{Blobs, Bucket},
        clock,
        db::{Control, DatabaseTransaction, Row},
        error::StoreError,
        jobs::Jobs,
        page::Page,
    },
};

/// The media type of all files of saves: nobody looks into them.
const MEDIA_TYPE: &str = "application/octet-stream";

/// Saves of all users. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Saves {
    store: Store,
    titles: Titles,
    blobs: Blobs,
    jobs: Jobs,
    settings: Settings,
}

/// Where a slot is, or would be made.
struct Place {
    /// The folders that it may be in: the ids of a title, or one name.
    folders: Vec<String>,
    title: Option<TitleId>,
}

impl Place {
    /// The folder in which it would be made.
    fn folder(&self) -> &str {
        self.folders.first().map_or("", String::as_str)
    }
}

fn not_there(error: TitleError) -> SaveError {
    match error {
        TitleError::NotFound => SaveError::GameNotFound,
        other => other.into(),
    }
}

impl Saves {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(control: Control, titles: Titles, (blobs, jobs): (Blobs, Jobs), settings: Settings) -> Self {
        Self { store: Store::new(control), titles, blobs, jobs, settings }
    }

    /// The address of the server as users know it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.settings.public_url
    }

    /// Bytes of a file at most.
    #[must_use]
    pub fn most_bytes(&self) -> u64 {
        self.settings.file_bytes
    }

    /// The files beside the database.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Where the slots of a title are; the title has several ids if others were merged into it.
    async fn place_of_title(&self, user: &UserId, title: TitleId) -> Result<Place, SaveError> {
        let title = self.titles.card(Some(user), title).await.map_err(not_there)?.id;
        let mut folders = vec![title.0.to_string()];
        folders.extend(self.titles.ids_of(title).await?.iter().filter(|id| **id != title).map(|id| id.0.to_string()));
        Ok(Place { folders, title: Some(title) })
    }

    async fn place(&self, user: &UserId, folder: &Folder) -> Result<Place, SaveError> {
        match folder {
            Folder::Title(title) => self.place_of_title(user, *title).await,
            Folder::Named(name) => self.place_of_name(user, name).await,
        }
    }

    /// Where the slots of a folder of that name are: a number is the id of a title, if there is one.
    async fn place_of_name(&self, user: &UserId, name: &Part) -> Result<Place, SaveError> {
        let id = name.as_str().parse().ok().filter(|id: &i64| *id > 0 && id.to_string() == name.as_str());
        if let Some(id) = id {
            match self.place_of_title(user, TitleId(id)).await {
                Err(SaveError::GameNotFound) => {}
                place => return place,
            }
        }
        Ok(Place { folders: vec![name.as_str().to_owned()], title: None })
    }

    /// A page of the slots of a user, on a title or all, the newest first.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn list(
        &self,
        user: &UserId,
        folder: Option<&Folder>,
        list: &ListRequest,
    ) -> Result<Page<ListedSlot>, SaveError> {
        let folders = match folder {
            Some(folder) => Some(self.place(user, folder).await?.folders),
            None => None,
        };
        let page = self.store.slots(user, folders.as_deref(), list).await?;
        Ok(Page { items: self.shown(user, page.items).await?, more: page.more })
    }

    /// Slots with what is shown of them.
    async fn shown(&self, user: &UserId, slots: Vec<Slot>) -> Result<Vec<ListedSlot>, SaveError> {
        let titles: Vec<TitleId> = slots.iter().filter_map(|slot| slot.title).collect();
        let titles = if titles.is_empty() { Vec::new() } else { self.titles.cards(Some(user), &titles).await? };
        let card = |title: TitleId| titles.iter().find(|card: &&TitleCard| card.asked == title).cloned();
        let mut current = self.store.current_versions(&slots).await?;
        let shown = slots.into_iter().map(|slot| ListedSlot {
            title: slot.title.and_then(card),
            current: current.remove(&slot.id),
            slot,
        });
        Ok(shown.collect())
    }

    /// A slot of a user.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], or another.
    pub async fn slot(&self, user: &UserId, slot: SlotId) -> Result<ListedSlot, SaveError> {
        let slot = self.store.slot(user, slot).await?.ok_or(SaveError::NotFound)?;
        self.shown(user, vec![slot]).await?.pop().ok_or(SaveError::NotFound)
    }

    /// Makes a slot, which has no version yet.
    ///
    /// # Errors
    /// [`SaveError::Exists`], or another.
    pub async fn make(&self, user: &UserId, folder: &Folder, name: &Part) -> Result<ListedSlot, SaveError> {
        let place = self.place(user, folder).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        self.store.lock(&transaction, user).await?;
        if self.store.slot_at(Some(&transaction), user, (&place.folders, name.as_str())).await?.is_some() {
            return Err(SaveError::Exists);
        }
        let slot = self.insert_slot(&transaction, user, &place, name).await?;
        control.commit(transaction).await?;
        self.slot(user, slot.id).await
    }

    async fn insert_slot(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        place: &Place,
        name: &Part,
    ) -> Result<Slot, SaveError> {
        let what = (place.folder(), name.as_str(), place.title);
        self.store.insert_slot(transaction, user, what, clock::now_ms()).await
    }

    /// Deletes a slot with its versions, if `may_change` says so of the version that counts.
    ///
    /// # Errors
    /// [`SaveError::Stale`] with what counts now, or another.
    pub async fn delete(
        &self,
        user: &UserId,
        slot: SlotId,
        may_change: impl Fn(i64) -> bool + Send,
    ) -> Result<(), SaveError> {
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, user).await?;
        let slot = self.store.slot_in(&transaction, user, slot).await?.ok_or(SaveError::NotFound)?;
        if !may_change(slot.revision()) {
            return Err(SaveError::Stale(Box::new(self.conflict(&transaction, &slot, None).await?)));
        }
        self.store.delete_slot(&transaction, slot.id).await?;
        let tidied = self.tidy_later(&transaction, keeper.id, None).await?;
        control.commit(transaction).await?;
        tidied.wake().await;
        Ok(())
    }

    /// A page of the versions of a slot, the newest first.
    ///
    /// # Errors
    /// [`SaveError::NotFound`], or another.
    pub async fn versions(&self, user: &UserId, slot: SlotId, list: &ListRequest) -> Result<Page<Version>, SaveError> {
        let slot = self.store.slot(user, slot).await?.ok_or(SaveError::NotFound)?;
        Ok(self.store.versions(slot.id, list).await?)
    }

    /// A version of a slot with its files.
    ///
    /// # Errors
    /// [`SaveError::VersionNotFound`], or another.
    pub async fn version(&self, user: &UserId, slot: SlotId, number: i64) -> Result<LinkedManifest, SaveError> {
        let slot = self.store.slot(user, slot).await?.ok_or(SaveError::NotFound)?;
        let control = self.store.control();
        let transaction = control.begin_reading().await?;
        let version = self.store.version_in(&transaction, slot.id, number).await?;
        let version = version.ok_or(SaveError::VersionNotFound)?;
        let entries = self.store.entries(&transaction, version.id, Paths::All).await?;
        control.commit(transaction).await?;
        let (mut links, mut links_expire_ms) = (Vec::with_capacity(entries.len()), None);
        for entry in &entries {
            let blob = match &entry.what {
                What::File(content) if !content.awaited => content.blob.as_ref(),
                _ => None,
            };
            links.push(match blob {
                Some(blob) => {
                    let (url, expires_ms) = self.blobs.link(Bucket::Saves, blob, MEDIA_TYPE)?;
                    links_expire_ms = Some(expires_ms);
                    Some(url)
                }
                None => None,
            });
        }
        let is_current = slot.current == Some(number);
        Ok(LinkedManifest { manifest: Manifest { version, entries }, is_current, links, links_expire_ms })
    }

    /// Stores a version, and has it count if it is kept; of one that is held the user is told.
    async fn insert_version(
        &self,
        transaction: &DatabaseTransaction,
        slot: &Slot,
        new: &NewVersion,
    ) -> Result<Version, SaveError> {
        let now_ms = clock::now_ms();
        let number = self.store.next_number(transaction, slot.id).await?;
        let version = self.store.insert_version(transaction, (slot.id, number), new, now_ms).await?;
        match new.state {
            VersionState::Kept => self.store.set_current(transaction, slot.id, number, now_ms).await?,
            VersionState::Held => self.tell_held(transaction, slot, number).await?,
            VersionState::Uploading => {}
        }
        Ok(version)
    }

    /// Tells a user that a version of theirs is held.
    async fn tell_held(&self, transaction: &DatabaseTransaction, slot: &Slot, number: i64) -> Result<(), StoreError> {
        let mut detail = serde_json::Map::new();
        detail.insert("version".to_owned(), number.into());
        let notice = NewNotice {
            user: &slot.user,
            kind: SAVE_HELD,
            actor: None,
            subject: Some(slot.id.0.to_string()),
            detail: Some(detail),
            // Of one slot the last one is told.
            fold: Some(format!("{} {}", SAVE_HELD.name, slot.id.0)),
        };
        notices::tell(self.store.control(), transaction, &notice).await.map(drop)
    }

    /// All that is stored of a user, by table, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_of(&self, user: &UserId) -> Result<Vec<(&'static str, Vec<Row>)>, StoreError> {
        self.store.rows_of(user).await
    }

    /// Removes the slots of a user, each in a transaction of its own, before the account goes with the rest.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn remove(&self, user: &UserId) -> Result<(), SaveError> {
        let control = self.store.control();
        loop {
            let page = self.store.slots(user, None, &ListRequest { after: None, limit: 50 }).await?;
            if page.items.is_empty() {
                return Ok(());
            }
            for slot in page.items {
                // One version after the other: one may have thousands of files.
                loop {
                    let versions = self.store.versions(slot.id, &ListRequest { after: None, limit: 10 }).await?;
                    for version in &versions.items {
                        let transaction = control.begin().await?;
                        self.store.delete_version(&transaction, version.id).await?;
                        control.commit(transaction).await?;
                    }
                    if !versions.more {
                        break;
                    }
                }
                let transaction = control.begin().await?;
                self.store.delete_slot(&transaction, slot.id).await?;
                control.commit(transaction).await?;
            }
        }
    }
}
