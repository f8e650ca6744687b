//! The use cases of notices.

use std::{ops::Range, sync::Arc};

use serde_json::{Value, json};

use super::{
    digest::{self, Digest},
    model::{MAX_NOTICES, Marked, Notice, NoticeError, NoticeKind, NoticePage, NoticeSetting},
    store::Store,
};
use crate::{
    identity::{access::UserId, accounts::Accounts},
    platform::{
        clock,
        db::Control,
        error::StoreError,
        jobs::{Job, JobError, JobOutcome, Work},
    },
};

/// What users are told. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Notices {
    store: Store,
    kinds: Arc<[NoticeKind]>,
}

impl Notices {
    /// The feature over the control database, with the kinds of all domains.
    #[must_use]
    pub fn new(control: Control, kinds: Vec<NoticeKind>) -> Self {
        Self { store: Store::new(control), kinds: kinds.into() }
    }

    /// A page of a user's notices, the newest first.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn page(
        &self,
        user: &UserId,
        only_unread: bool,
        after: Option<(i64, i64)>,
        limit: usize,
    ) -> Result<NoticePage, NoticeError> {
        let page = self.store.page(user, only_unread, after, limit).await?;
        Ok(NoticePage { page, unread: self.store.unread(user).await? })
    }

    /// How many of a user's notices are unread.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn unread(&self, user: &UserId) -> Result<usize, NoticeError> {
        Ok(self.store.unread(user).await?)
    }

    /// What sends digests.
    #[must_use]
    pub fn work(&self, accounts: &Accounts) -> Work {
        let (notices, accounts) = (self.clone(), accounts.clone());
        Work::new(accounts.email_kind(digest::KIND), move |job| {
            let (notices, accounts) = (notices.clone(), accounts.clone());
            async move { notices.send_digest(&accounts, &job).await }
        })
    }

    /// Sends a digest of what the user has not read yet, if they still want one.
    async fn send_digest(&self, accounts: &Accounts, job: &Job) -> Result<JobOutcome, JobError> {
        let digest: Digest = job.payload()?;
        let user = UserId::stored(&digest.user);
        let Some(language) = self.store.digest_language(&user).await? else { return Ok(JobOutcome::Finished) };
        let mut notices = self.for_mail(&user, digest.from_ms..digest.to_ms).await?;
        let all = notices.len();
        notices.truncate(digest::MOST);
        if all > 0 {
            let (subject, text) = digest::write(&language, &notices, all, &self.kinds);
            accounts.send_to_user(job, &user, subject, &text).await?;
        }
        Ok(JobOutcome::Finished)
    }

    /// The unread notices of these times that a user wants by email.
    async fn for_mail(&self, user: &UserId, times: Range<i64>) -> Result<Vec<Notice>, StoreError> {
        let settings = self.store.settings(user).await?;
        let most = usize::try_from(MAX_NOTICES).unwrap_or(usize::MAX);
        let mut notices = self.store.page(user, true, None, most).await?.items;
        let is_wanted = |notice: &Notice| settings.get(&notice.kind).is_some_and(|(_, mail)| *mail);
        notices.retain(|notice| times.contains(&notice.at_ms) && is_wanted(notice));
        Ok(notices)
    }

    /// Marks notices of a user as read; those of others, or that are gone, are passed over.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn mark(&self, user: &UserId, marked: &Marked) -> Result<(), NoticeError> {
        Ok(self.store.mark(user, marked, clock::now_ms()).await?)
    }

    /// Deletes a notice.
    ///
    /// # Errors
    /// [`NoticeError::NotFound`], or [`NoticeError::Store`].
    pub async fn delete(&self, user: &UserId, id: i64) -> Result<(), NoticeError> {
        if self.store.delete(user, id).await? { Ok(()) } else { Err(NoticeError::NotFound) }
    }

    /// Withdraws the digest that waits for a user, whose account is deleted; the database removes the rest with it.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn remove(&self, user: &UserId) -> Result<(), NoticeError> {
        Ok(self.store.withdraw_digests(user).await?)
    }

    /// All that this feature keeps of a user, as far as the user is shown it.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn export_of(&self, user: &UserId) -> Result<Value, NoticeError> {
        let most = usize::try_from(MAX_NOTICES).unwrap_or(usize::MAX);
        let notices = self.store.page(user, false, None, most).await?.items;
        let row = |notice: &Notice| {
            json!({
                "notice_id": notice.id.to_string(),
                "kind": notice.kind,
                "at": clock::format(notice.at_ms),
                "times": notice.times,
                "read": notice.is_read,
                "username": notice.person.as_ref().map(|person| &person.username),
                "subject": notice.subject,
                "detail": notice.detail,
            })
        };
        let settings = self.store.settings(user).await?;
        let setting = |(kind, (app, mail)): (&String, &(bool, bool))| json!({"kind": kind, "app": app, "mail": mail});
        Ok(json!({
            "notices": notices.iter().map(row).collect::<Value>(),
            "settings": settings.iter().map(setting).collect::<Value>(),
        }))
    }

    /// Which kinds there are, and whether a user wants them.
    ///
    /// # Errors
    /// [`NoticeError::Store`].
    pub async fn settings(&self, user: &UserId) -> Result<Vec<NoticeSetting>, NoticeError> {
        let set = self.store.settings(user).await?;
        let setting = |kind: &NoticeKind| {
            let (app, mail) = set.get(kind.name).copied().unwrap_or((true, false));
            NoticeSetting { kind: *kind, app, mail }
        };
        Ok(self.kinds.iter().map(setting).collect())
    }

    /// Sets whether a user is told of a kind, and whether by email too.
    ///
    /// # Errors
    /// [`NoticeError::KindNotFound`], [`NoticeError::Gone`], or [`NoticeError::Store`].
    pub async fn set(&self, user: &UserId, kind: &str, app: bool, mail: bool) -> Result<NoticeSetting, NoticeError> {
        let kind = self.kinds.iter().find(|known| known.name == kind).ok_or(NoticeError::KindNotFound)?;
        self.store.set(user, kind.name, app, mail).await?;
        Ok(NoticeSetting { kind: *kind, app, mail })
    }
}
