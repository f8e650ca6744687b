//! New versions: asked for, uploaded, and restored.

use std::collections::BTreeMap;

use super::{MEDIA_TYPE, Saves};
use crate::{
    identity::access::UserId,
    journal::saves::{
        model::{
            Announced, AnnouncedFile, Asked, Conflict, Content, Entry, MAX_CONTENTS, MAX_EXPECTED, MAX_FILES,
            MAX_WAITING, Manifest, NewVersion, Origin, SaveError, Slot, SlotId, Version, VersionState, What, shrinks,
            size,
        },
        store::{Keeper, Paths},
    },
    platform::{
        blobs::{Bucket, Digest, ExpectedUpload, NewBlob},
        db::DatabaseTransaction,
        error::Fault,
    },
};

impl Saves {
    /// Both sets of files, for who has to decide.
    pub(super) async fn conflict(
        &self,
        transaction: &DatabaseTransaction,
        slot: &Slot,
        sent: Option<Announced>,
    ) -> Result<Conflict, SaveError> {
        let kept = match slot.current {
            Some(number) => self.store.version_in(transaction, slot.id, number).await?,
            None => None,
        };
        let kept = match kept {
            Some(version) => {
                let entries = self.store.entries(transaction, version.id, Paths::All).await?;
                Some(Manifest { version, entries })
            }
            None => None,
        };
        Ok(Conflict { kept, revision: slot.revision(), sent })
    }

    /// Asks for a new version, if `may_follow` says so of the number of the one that counts. What devices have changed by WebDAV becomes
    /// a version first.
    ///
    /// # Errors
    /// [`SaveError::Stale`], [`SaveError::Shrinks`] unless it is forced, or another.
    pub async fn ask(
        &self,
        user: &UserId,
        slot: SlotId,
        may_follow: impl Fn(i64) -> bool + Send,
        (announced, force): (Announced, bool),
    ) -> Result<Asked, SaveError> {
        self.blobs.check()?;
        if announced.files.len() > MAX_FILES {
            return Err(SaveError::TooManyFiles);
        }
        self.store.slot(user, slot).await?.ok_or(SaveError::NotFound)?;
        self.ensure_empty(user, &announced).await?;
        for window in self.store.windows(slot).await? {
            self.close(window.id).await?;
        }
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, user).await?;
        let slot = self.store.slot_in(&transaction, user, slot).await?.ok_or(SaveError::NotFound)?;
        if !may_follow(slot.revision()) {
            return Err(SaveError::Stale(Box::new(self.conflict(&transaction, &slot, Some(announced)).await?)));
        }
        if let Some(number) = slot.current.filter(|_| !force)
            && let Some(last) = self.store.version_in(&transaction, slot.id, number).await?
        {
            let bytes = announced.files.iter().map(|file| file.bytes).sum();
            let files = u64::try_from(announced.files.len()).unwrap_or(u64::MAX);
            if shrinks((last.files, last.bytes), (files, bytes)) {
                let (last_files, last_bytes) = (last.files, last.bytes);
                return Err(SaveError::Shrinks { last_files, last_bytes, files, bytes });
            }
        }
        if self.store.waiting(&transaction, slot.id).await? >= MAX_WAITING {
            return Err(SaveError::TooManyWaiting);
        }
        let entries = self.entries_of(&transaction, &keeper, user, &announced).await?;
        let is_missing = |entry: &Entry| matches!(&entry.what, What::File(content) if content.awaited);
        let state = if entries.iter().any(is_missing) { VersionState::Uploading } else { VersionState::Kept };
        let new = NewVersion {
            state,
            held_for: None,
            origin: Origin::Api,
            device: announced.device,
            base: slot.current,
            restored: None,
            entries,
        };
        let version = self.insert_version(&transaction, &slot, &new).await?;
        let (expected, missing) = self.expect(&transaction, user, &version).await?;
        let after = match state {
            VersionState::Uploading => self.forget_later(&transaction, slot.id, version.id).await?,
            _ => self.tidy_later(&transaction, keeper.id, Some(slot.id)).await?,
        };
        control.commit(transaction).await?;
        after.wake().await;
        self.sign(version, expected, missing).await
    }

    /// Stores the empty file, if a set has one: many clients can't upload nothing.
    async fn ensure_empty(&self, user: &UserId, announced: &Announced) -> Result<(), SaveError> {
        let Some(at) = announced.files.iter().position(|file| file.bytes == 0) else { return Ok(()) };
        let arrival = self.end_file(self.begin_file()?, Some(0)).await?;
        let digest = arrival.blob.digest;
        let is_wrong = |file: &AnnouncedFile| file.bytes == 0 && file.digest != digest;
        if announced.files.iter().any(is_wrong) {
            let detail = "is 0, and the digest is not that of nothing";
            return Err(SaveError::Invalid(vec![Fault::new(format!("/files/{at}/bytes"), detail)]));
        }
        if self.has(user, digest).await? {
            return Ok(());
        }
        let blob = self.blobs.place(arrival).await?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, user).await?;
        if self.store.contents(&transaction, user, &[digest]).await?.is_empty() {
            self.check_room(&keeper, 1, 0)?;
            self.store.add(&transaction, keeper.id, (1, 0)).await?;
            self.blobs.record(&transaction, &blob, Some(user.as_str())).await?;
            self.store.insert_content(&transaction, user, (digest, 0), Some(&blob.key)).await?;
            control.commit(transaction).await?;
        } else {
            drop(transaction);
            self.blobs.discard(&blob).await;
        }
        Ok(())
    }

    /// The entries of a set of files, whose contents are stored if they are not yet.
    async fn entries_of(
        &self,
        transaction: &DatabaseTransaction,
        keeper: &Keeper,
        user: &UserId,
        announced: &Announced,
    ) -> Result<Vec<Entry>, SaveError> {
        let mut digests: Vec<Digest> = announced.files.iter().map(|file| file.digest).collect();
        digests.sort_unstable_by_key(|digest| digest.0);
        digests.dedup();
        let known = self.store.contents(transaction, user, &digests).await?;
        let mut known: BTreeMap<[u8; 32], Content> =
            known.into_iter().map(|content| (content.digest.0, content)).collect();
        let mut entries = Vec::with_capacity(announced.files.len());
        let (mut contents, mut bytes) = (0_i64, 0_i64);
        for (at, file) in announced.files.iter().enumerate() {
            let content = match known.get(&file.digest.0) {
                Some(content) if content.bytes != file.bytes => {
                    let detail = format!("is {}, but what has this digest has {} bytes", file.bytes, content.bytes);
                    return Err(SaveError::Invalid(vec![Fault::new(format!("/files/{at}/bytes"), detail)]));
                }
                Some(content) => content.clone(),
                None => {
                    contents += 1;
                    bytes = bytes.saturating_add(i64::try_from(file.bytes).unwrap_or(i64::MAX));
                    self.check_room(keeper, contents, bytes)?;
                    let what = (file.digest, file.bytes);
                    let content = self.store.insert_content(transaction, user, what, None).await?;
                    known.insert(file.digest.0, content.clone());
                    content
                }
            };
            let what = What::File(content);
            entries.push(Entry { path: file.path.clone(), what, modified_ms: file.modified_ms });
        }
        self.store.add(transaction, keeper.id, (contents, bytes)).await?;
        Ok(entries)
    }

    /// Refuses more than a user may store.
    pub(super) fn check_room(&self, keeper: &Keeper, contents: i64, bytes: i64) -> Result<(), SaveError> {
        if keeper.contents.saturating_add(contents) > MAX_CONTENTS {
            return Err(SaveError::TooManyContents);
        }
        let (most, needed) = (self.settings.user_bytes, keeper.bytes.saturating_add(bytes));
        match u64::try_from(needed) {
            Ok(needed) if most != 0 && needed > most => Err(SaveError::Full { most, needed }),
            _ => Ok(()),
        }
    }

    /// Expects the uploads that a version waits for, as many as may be expected at once; and says how many files are missing.
    async fn expect(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        version: &Version,
    ) -> Result<(Vec<(Digest, ExpectedUpload)>, usize), SaveError> {
        if version.state != VersionState::Uploading {
            return Ok((Vec::new(), 0));
        }
        let missing = self.store.missing(transaction, version.id).await?;
        let own = missing.iter().filter(|content| content.blob.is_some()).count();
        // Those of this version are asked for again: what was signed before works no more.
        let others = self.store.expected(transaction, user).await?.saturating_sub(own);
        let mut expected = Vec::new();
        for content in missing.iter().take(MAX_EXPECTED.saturating_sub(others)) {
            let new = NewBlob {
                bucket: Bucket::Saves,
                owner: Some(user.as_str().to_owned()),
                media_type: MEDIA_TYPE.to_owned(),
                bytes: content.bytes,
                digest: content.digest,
            };
            let upload = self.blobs.expect(transaction, new).await?;
            if let Some(before) = &content.blob {
                self.blobs.release(transaction, std::slice::from_ref(before)).await?;
            }
            self.store.set_blob(transaction, content.id, upload.key(), true).await?;
            expected.push((content.digest, upload));
        }
        Ok((expected, missing.len()))
    }

    async fn sign(
        &self,
        version: Version,
        expected: Vec<(Digest, ExpectedUpload)>,
        missing: usize,
    ) -> Result<Asked, SaveError> {
        let mut uploads = Vec::with_capacity(expected.len());
        for (digest, upload) in expected {
            uploads.push((digest, self.blobs.sign_upload(upload).await?));
        }
        Ok(Asked { version, uploads, missing })
    }

    /// Addresses for what a version still waits for: others than before.
    ///
    /// # Errors
    /// [`SaveError::VersionNotFound`], or another.
    pub async fn uploads(&self, user: &UserId, slot: SlotId, number: i64) -> Result<Asked, SaveError> {
        self.blobs.check()?;
        let control = self.store.control();
        let transaction = control.begin().await?;
        self.store.lock(&transaction, user).await?;
        let slot = self.store.slot_in(&transaction, user, slot).await?.ok_or(SaveError::NotFound)?;
        let version = self.store.version_in(&transaction, slot.id, number).await?;
        let version = version.ok_or(SaveError::VersionNotFound)?;
        let (expected, missing) = self.expect(&transaction, user, &version).await?;
        control.commit(transaction).await?;
        self.sign(version, expected, missing).await
    }

    /// Makes a new version with the files of an old one, if `may_follow` says so of the number of the one that counts.
    ///
    /// # Errors
    /// [`SaveError::Stale`], [`SaveError::Incomplete`], or another.
    pub async fn restore(
        &self,
        user: &UserId,
        (slot, number): (SlotId, i64),
        may_follow: impl Fn(i64) -> bool + Send,
    ) -> Result<Version, SaveError> {
        self.store.slot(user, slot).await?.ok_or(SaveError::NotFound)?;
        for window in self.store.windows(slot).await? {
            self.close(window.id).await?;
        }
        let control = self.store.control();
        let transaction = control.begin().await?;
        let keeper = self.store.lock(&transaction, user).await?;
        let slot = self.store.slot_in(&transaction, user, slot).await?.ok_or(SaveError::NotFound)?;
        let old = self.store.version_in(&transaction, slot.id, number).await?;
        let old = old.ok_or(SaveError::VersionNotFound)?;
        if !may_follow(slot.revision()) {
            return Err(SaveError::Stale(Box::new(self.conflict(&transaction, &slot, None).await?)));
        }
        if old.state == VersionState::Uploading {
            return Err(SaveError::Incomplete);
        }
        let entries = self.store.entries(&transaction, old.id, Paths::All).await?;
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.what != What::Removed).collect();
        debug_assert_eq!(size(&entries), (old.files, old.bytes), "a version is what it was");
        let new = NewVersion {
            state: VersionState::Kept,
            held_for: None,
            origin: Origin::Restored,
            device: old.device,
            base: slot.current,
            restored: Some(number),
            entries,
        };
        let version = self.insert_version(&transaction, &slot, &new).await?;
        let tidied = self.tidy_later(&transaction, keeper.id, Some(slot.id)).await?;
        control.commit(transaction).await?;
        tidied.wake().await;
        Ok(version)
    }
}
