//! The use cases of media; [`checking`] is the job.

mod checking;

use std::collections::BTreeMap;

pub use self::checking::CHECK_MEDIA;
use super::{
    config::Settings,
    model::{
        Announced, Asked, Link, ListRequest, Media, MediaError, MediaState, MediaType, MediaUuid, Said, WithLinks,
    },
    store::Store,
};
use crate::{
    catalogue::titles::{TitleError, TitleId, Titles},
    identity::{
        access::UserId,
        people::{People, PersonCard},
    },
    platform::{
        blobs::{BlobKey, Blobs, Bucket, NewBlob},
        db::{Control, DatabaseTransaction, Row},
        error::{Fault, StoreError},
        jobs::Jobs,
        page::Page,
    },
};

/// Media of all users. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gallery {
    store: Store,
    titles: Titles,
    people: People,
    blobs: Blobs,
    jobs: Jobs,
    settings: Settings,
}

fn not_there(error: TitleError) -> MediaError {
    match error {
        TitleError::NotFound => MediaError::GameNotFound,
        other => other.into(),
    }
}

/// The files of something.
fn files(media: &Media) -> Vec<BlobKey> {
    let all = [&media.upload, &media.file, &media.thumbnail];
    all.into_iter().flatten().filter_map(|key| BlobKey::parse(key)).collect()
}

impl Gallery {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(
        control: Control,
        (titles, people): (Titles, People),
        (blobs, jobs): (Blobs, Jobs),
        settings: Settings,
    ) -> Self {
        Self { store: Store::new(control), titles, people, blobs, jobs, settings }
    }

    /// Refuses files that are too large.
    fn check_bounds(&self, announced: &Announced) -> Result<(), MediaError> {
        let most = if announced.media_type.is_clip() { self.settings.clip_bytes } else { self.settings.image_bytes };
        if announced.bytes <= most {
            return Ok(());
        }
        Err(MediaError::Invalid(vec![Fault::new("/length", format!("must be at most {most} for this type"))]))
    }

    /// Asks for an upload; again for another address while nothing has come.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn ask(
        &self,
        owner: &UserId,
        title: TitleId,
        uuid: MediaUuid,
        announced: Announced,
        said: Said,
    ) -> Result<Asked, MediaError> {
        self.check_bounds(&announced)?;
        self.blobs.check()?;
        let title = self.titles.card(Some(owner), title).await.map_err(not_there)?.id;
        let new = NewBlob {
            bucket: Bucket::Temporary,
            owner: Some(owner.as_str().to_owned()),
            media_type: announced.media_type.name().to_owned(),
            bytes: announced.bytes,
            digest: announced.digest,
        };
        let control = self.store.control();
        let transaction = control.begin().await?;
        let before = self.store.lock(&transaction, owner, &uuid).await?;
        let expected = self.blobs.expect(&transaction, new).await?;
        match before {
            Some(media)
                if media.state == MediaState::Pending && media.announced == announced && media.title == title =>
            {
                // What has arrived is being checked.
                let arrived = match media.upload.as_deref().and_then(BlobKey::parse) {
                    Some(upload) => self.blobs.find(&upload).await?.is_some(),
                    None => false,
                };
                if arrived {
                    return Err(MediaError::Exists);
                }
                self.blobs.release(&transaction, &files(&media)).await?;
                self.store.wait_again(&transaction, media.id, &said, expected.key()).await?;
            }
            Some(_) => return Err(MediaError::Exists),
            None => {
                let what = (owner, title, &uuid);
                self.store.insert(&transaction, what, (&announced, &said), expected.key()).await?;
            }
        }
        let forgotten = self.forget_later(&transaction, expected.key()).await?;
        control.commit(transaction).await?;
        forgotten.wake().await;
        let upload = self.blobs.sign_upload(expected).await?;
        let shown = self.one(Some(owner), title, &uuid).await?;
        Ok(Asked { shown, upload })
    }

    /// That of a UUID on a title, if the viewer sees it.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], or another.
    pub async fn one(
        &self,
        viewer: Option<&UserId>,
        title: TitleId,
        uuid: &MediaUuid,
    ) -> Result<WithLinks, MediaError> {
        let title = self.titles.card(viewer, title).await.map_err(not_there)?.id;
        let media = self.store.one(viewer, uuid).await?.ok_or(MediaError::NotFound)?;
        if !self.titles.ids_of(title).await?.contains(&media.title) {
            return Err(MediaError::NotFound);
        }
        let page = Page { items: vec![media], more: false };
        self.shown(viewer, page).await?.items.pop().ok_or(MediaError::NotFound)
    }

    /// That of a UUID, whatever title it is on, if the viewer sees it.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], or another.
    pub async fn seen(&self, viewer: &UserId, uuid: &MediaUuid) -> Result<Media, MediaError> {
        self.store.one(Some(viewer), uuid).await?.ok_or(MediaError::NotFound)
    }

    /// The media of the person with that username that the viewer sees.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn of_person(
        &self,
        viewer: Option<&UserId>,
        username: &str,
        list: &ListRequest,
    ) -> Result<Page<WithLinks>, MediaError> {
        let owner = self.people.find(viewer, username).await?;
        self.shown(viewer, self.store.of_user(viewer, &owner, list).await?).await
    }

    /// The media on a title that the viewer sees.
    ///
    /// # Errors
    /// [`MediaError::GameNotFound`], or another.
    pub async fn on_title(
        &self,
        viewer: Option<&UserId>,
        title: TitleId,
        list: &ListRequest,
    ) -> Result<Page<WithLinks>, MediaError> {
        let title = self.titles.card(viewer, title).await.map_err(not_there)?.id;
        let ids = self.titles.ids_of(title).await?;
        self.shown(viewer, self.store.on_title(viewer, &ids, list).await?).await
    }

    /// Changes what an owner says, if `may_change` says so of the revision.
    ///
    /// # Errors
    /// [`MediaError::Stale`] with what it is now, or another.
    pub async fn change(
        &self,
        owner: &UserId,
        (title, uuid): &(TitleId, MediaUuid),
        may_change: impl Fn(i64) -> bool + Send,
        said: &Said,
    ) -> Result<WithLinks, MediaError> {
        let before = self.own(owner, *title, uuid).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        let media = self.store.lock(&transaction, owner, uuid).await?.ok_or(MediaError::NotFound)?;
        if !may_change(media.revision) {
            return Err(MediaError::Stale(Box::new(before)));
        }
        self.store.update(&transaction, media.id, said).await?;
        control.commit(transaction).await?;
        self.one(Some(owner), *title, uuid).await
    }

    /// Deletes something of an owner with its files, if `may_change` says so of the revision.
    ///
    /// # Errors
    /// [`MediaError::Stale`] with what it is now, or another.
    pub async fn delete(
        &self,
        owner: &UserId,
        (title, uuid): &(TitleId, MediaUuid),
        may_change: impl Fn(i64) -> bool + Send,
    ) -> Result<(), MediaError> {
        let before = self.own(owner, *title, uuid).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        let media = self.store.lock(&transaction, owner, uuid).await?.ok_or(MediaError::NotFound)?;
        if !may_change(media.revision) {
            return Err(MediaError::Stale(Box::new(before)));
        }
        self.store.delete(&transaction, media.id).await?;
        self.blobs.release(&transaction, &files(&media)).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Has the links to the files of something that were given out work no longer, in the caller's transaction.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn end_links(&self, transaction: &DatabaseTransaction, uuid: &MediaUuid) -> Result<(), MediaError> {
        if let Some(media) = self.store.next_turn(transaction, uuid).await? {
            self.blobs.end_links(transaction, &files(&media), media.turn).await?;
        }
        Ok(())
    }

    /// All that is stored of a user, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_of(&self, user: &UserId) -> Result<Vec<Row>, StoreError> {
        self.store.rows_of(user).await
    }

    async fn own(&self, owner: &UserId, title: TitleId, uuid: &MediaUuid) -> Result<WithLinks, MediaError> {
        let shown = self.one(Some(owner), title, uuid).await?;
        if shown.media.owner == *owner { Ok(shown) } else { Err(MediaError::NotFound) }
    }

    /// Media with what is shown of owners and titles, and with addresses of their files.
    async fn shown(&self, viewer: Option<&UserId>, page: Page<Media>) -> Result<Page<WithLinks>, MediaError> {
        let mut owners: Vec<UserId> = page.items.iter().map(|media| media.owner.clone()).collect();
        owners.sort_unstable();
        owners.dedup();
        let titles: Vec<TitleId> = page.items.iter().map(|media| media.title).collect();
        let people = self.people.cards(viewer, &owners).await?;
        let people: BTreeMap<UserId, PersonCard> = people.into_iter().map(|card| (card.user.clone(), card)).collect();
        let titles = self.titles.cards(viewer, &titles).await?;
        let titles: BTreeMap<_, _> = titles.into_iter().map(|card| (card.asked, card)).collect();
        let mut items = Vec::with_capacity(page.items.len());
        for media in page.items {
            let file = self.link(media.file.as_deref(), media.announced.media_type, media.turn)?;
            let thumbnail = self.link(media.thumbnail.as_deref(), MediaType::Jpeg, media.turn)?;
            let (owner, title) = (people.get(&media.owner).cloned(), titles.get(&media.title).cloned());
            items.push(WithLinks { media, owner, title, file, thumbnail });
        }
        Ok(Page { items, more: page.more })
    }

    /// An address of a file of that type, by its key and the turn of its links.
    ///
    /// # Errors
    /// [`MediaError`].
    pub fn link(&self, key: Option<&str>, media_type: MediaType, turn: i16) -> Result<Option<Link>, MediaError> {
        let Some(key) = key.and_then(BlobKey::parse) else { return Ok(None) };
        let (url, expires_ms) = self.blobs.link_of_turn(Bucket::Media, &key, media_type.name(), turn)?;
        Ok(Some(Link { url, expires_ms }))
    }
}
