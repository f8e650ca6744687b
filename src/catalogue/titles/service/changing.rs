//! Adds, changes, approves, merges and deletes titles.

use super::Titles;
use crate::{
    catalogue::titles::{
        model::{
            ExternalId, Facts, MAX_NAMES, MAX_PENDING, Settlement, Title, TitleError, TitleId, UnclearRecord,
            matching::{Decision, decide},
        },
        store::{NewTitle, Sight},
    },
    identity::access::UserId,
    platform::page::Page,
};

/// The names that a change of one title may write: its own, and as many that a merged one brings.
const NAMES: usize = MAX_NAMES + 1;

/// What a change of a title says, beside the facts: which revisions it may change, and the ids that others know the title by, where
/// they change.
pub struct Change<'a> {
    /// Whether the title may be changed if it has that revision.
    pub allows: &'a (dyn Fn(i64) -> bool + Sync),
    /// What is known of the title from now on.
    pub facts: Facts,
    /// Ids that others know it by from now on; `None` leaves them as they are.
    pub external: Option<Vec<ExternalId>>,
}

impl std::fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change").field("facts", &self.facts).finish_non_exhaustive()
    }
}

impl Titles {
    async fn require_administrator(&self, user: &UserId) -> Result<(), TitleError> {
        if self.accounts.is_administrator(user).await? { Ok(()) } else { Err(TitleError::AdministratorRequired) }
    }

    /// The title with that id, if the user may change it: as an administrator, or as its author until it is approved.
    async fn own(&self, user: &UserId, id: TitleId) -> Result<Title, TitleError> {
        let title = self.title(Some(user), id).await?;
        if title.pending_of.as_ref() != Some(user) {
            self.require_administrator(user).await?;
        }
        Ok(title)
    }

    /// The title that has the same name, year and platform, among those that are approved.
    async fn same(
        &self,
        transaction: &super::Transaction,
        but: Option<TitleId>,
        facts: &Facts,
    ) -> Result<Option<TitleId>, TitleError> {
        let keys = [facts.name.key().to_owned()];
        let namesakes = self.store.namesakes(Some(transaction), Sight::Approved, &keys).await?;
        let others: Vec<_> = namesakes.into_values().flatten().filter(|one| Some(one.id) != but).collect();
        match decide(facts.year(), &facts.platforms, &others) {
            Decision::Same(title) => Ok(Some(title)),
            Decision::New | Decision::Unclear(_) => Ok(None),
        }
    }

    /// Adds a title. That of an administrator is approved at once; that of another user only they see until it is approved.
    ///
    /// # Errors
    /// [`TitleError::Exists`], [`TitleError::TooManyPending`], [`TitleError::AdministratorRequired`] with ids of others,
    /// [`TitleError::ExternalTaken`], or the database can't be reached.
    pub async fn add(&self, user: &UserId, facts: Facts, external: Vec<ExternalId>) -> Result<Title, TitleError> {
        let is_administrator = self.accounts.is_administrator(user).await?;
        if !(is_administrator || external.is_empty()) {
            return Err(TitleError::AdministratorRequired);
        }
        let (transaction, mut numbers) = self.store.begin(1, NAMES).await?;
        if let Some(title) = self.same(&transaction, None, &facts).await? {
            return Err(TitleError::Exists(title));
        }
        if !is_administrator && self.store.pending_of(&transaction, user).await? >= MAX_PENDING {
            return Err(TitleError::TooManyPending(MAX_PENDING));
        }
        self.check_external(&transaction, None, &external).await?;
        let pending_of = (!is_administrator).then(|| user.clone());
        let title = NewTitle { id: numbers.title(), facts, pending_of, external };
        self.store.insert(&transaction, std::slice::from_ref(&title), &mut numbers).await?;
        self.store.commit(transaction).await?;
        self.title(Some(user), title.id).await
    }

    async fn check_external(
        &self,
        transaction: &super::Transaction,
        of: Option<TitleId>,
        external: &[ExternalId],
    ) -> Result<(), TitleError> {
        for id in external {
            let found = self.store.by_external(Some(transaction), id.source(), &[id.external().to_owned()]).await?;
            if let Some(title) = found.into_values().next().filter(|title| Some(*title) != of) {
                return Err(TitleError::ExternalTaken {
                    source_name: id.source().to_owned(),
                    external: id.external().to_owned(),
                    title,
                });
            }
        }
        Ok(())
    }

    /// Changes a title: an administrator, or its author until it is approved.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], [`TitleError::AdministratorRequired`], [`TitleError::Stale`], [`TitleError::Exists`],
    /// [`TitleError::ExternalTaken`], or the database can't be reached.
    pub async fn change(&self, user: &UserId, id: TitleId, change: Change<'_>) -> Result<Title, TitleError> {
        let Change { allows, facts, external } = change;
        let id = self.own(user, id).await?.id;
        if external.is_some() {
            self.require_administrator(user).await?;
        }
        let (transaction, mut numbers) = self.store.begin(0, NAMES).await?;
        let was = self.store.lock(&transaction, id).await?;
        if !allows(was.revision) {
            return Err(TitleError::Stale(Box::new(was)));
        }
        if let Some(title) = self.same(&transaction, Some(id), &facts).await? {
            return Err(TitleError::Exists(title));
        }
        self.store.replace(&transaction, &was, &facts, was.pending_of.as_ref(), &mut numbers).await?;
        if let Some(external) = external {
            self.check_external(&transaction, Some(id), &external).await?;
            self.store.replace_external(&transaction, id, external).await?;
        }
        self.store.commit(transaction).await?;
        self.title(Some(user), id).await
    }

    /// Deletes a title to which nothing refers: an administrator, or its author until it is approved.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], [`TitleError::AdministratorRequired`], [`TitleError::Stale`], [`TitleError::InUse`], or the
    /// database can't be reached.
    pub async fn delete(
        &self,
        user: &UserId,
        id: TitleId,
        allows: &(dyn Fn(i64) -> bool + Sync),
    ) -> Result<(), TitleError> {
        let id = self.own(user, id).await?.id;
        let (transaction, _) = self.store.begin(0, 0).await?;
        let was = self.store.lock(&transaction, id).await?;
        if !allows(was.revision) {
            return Err(TitleError::Stale(Box::new(was)));
        }
        self.store.delete(&transaction, id).await?;
        Ok(self.store.commit(transaction).await?)
    }

    /// Approves a title: everybody sees it from now on, and nobody is its author any more. For administrators.
    ///
    /// # Errors
    /// [`TitleError::AdministratorRequired`], [`TitleError::NotFound`], [`TitleError::Approved`], [`TitleError::Exists`], or the
    /// database can't be reached.
    pub async fn approve(&self, user: &UserId, id: TitleId) -> Result<Title, TitleError> {
        self.require_administrator(user).await?;
        let (transaction, mut numbers) = self.store.begin(0, 0).await?;
        let was = self.store.lock(&transaction, id).await?;
        if was.pending_of.is_none() {
            return Err(TitleError::Approved);
        }
        if let Some(title) = self.same(&transaction, Some(id), &was.facts).await? {
            return Err(TitleError::Exists(title));
        }
        self.store.replace(&transaction, &was, &was.facts, None, &mut numbers).await?;
        self.store.commit(transaction).await?;
        self.title(Some(user), id).await
    }

    /// Merges a title into another, which learns what the first knew, and answers for its id. For administrators.
    ///
    /// # Errors
    /// [`TitleError::AdministratorRequired`], [`TitleError::NotFound`], [`TitleError::NoTarget`], or the database can't be reached.
    pub async fn merge(&self, user: &UserId, id: TitleId, into: TitleId) -> Result<Title, TitleError> {
        self.require_administrator(user).await?;
        let target = self.title(Some(user), into).await?.id;
        let (transaction, mut numbers) = self.store.begin(0, NAMES).await?;
        let was = self.store.lock(&transaction, id).await?;
        if id == target {
            return Err(TitleError::NoTarget);
        }
        let target = self.store.lock(&transaction, target).await?;
        if target.pending_of.is_some() {
            return Err(TitleError::NoTarget);
        }
        self.store.merge(&transaction, id, target.id).await?;
        let facts = target.facts.filled_from(&was.facts);
        self.store.replace(&transaction, &target, &facts, None, &mut numbers).await?;
        self.store.commit(transaction).await?;
        self.title(Some(user), target.id).await
    }

    /// A page of the records whose title is unclear, the oldest first. For administrators.
    ///
    /// # Errors
    /// [`TitleError::AdministratorRequired`], or the database can't be reached.
    pub async fn unclear(&self, user: &UserId, after: i64, limit: usize) -> Result<Page<UnclearRecord>, TitleError> {
        self.require_administrator(user).await?;
        Ok(self.store.unclear(after, limit).await?)
    }

    /// Decides about a record whose title is unclear; returns the title that it is. For administrators.
    ///
    /// # Errors
    /// [`TitleError::AdministratorRequired`], [`TitleError::UnclearNotFound`], [`TitleError::NotFound`],
    /// [`TitleError::ExternalTaken`], or the database can't be reached.
    pub async fn settle(
        &self,
        user: &UserId,
        record: i64,
        settlement: Settlement,
    ) -> Result<Option<Title>, TitleError> {
        self.require_administrator(user).await?;
        let target = match settlement {
            Settlement::Same(title) => Some(self.title(Some(user), title).await?.id),
            Settlement::New | Settlement::PutAside => None,
        };
        let (transaction, mut numbers) = self.store.begin(1, NAMES).await?;
        let unclear = self.store.unclear_record(&transaction, record).await?.ok_or(TitleError::UnclearNotFound)?;
        let record = unclear.record;
        let title = match settlement {
            Settlement::PutAside => None,
            Settlement::New => {
                self.check_external(&transaction, None, &record.external).await?;
                let title =
                    NewTitle { id: numbers.title(), facts: record.facts, pending_of: None, external: record.external };
                self.store.insert(&transaction, std::slice::from_ref(&title), &mut numbers).await?;
                Some(title.id)
            }
            Settlement::Same(_) => {
                let was = self.store.lock(&transaction, target.ok_or(TitleError::NotFound)?).await?;
                self.check_external(&transaction, Some(was.id), &record.external).await?;
                let facts = was.facts.filled_from(&record.facts);
                self.store.replace(&transaction, &was, &facts, was.pending_of.as_ref(), &mut numbers).await?;
                let new = record.external.into_iter().filter(|id| !was.external.contains(id));
                self.store.insert_external(&transaction, new.map(|id| (was.id, id)).collect()).await?;
                Some(was.id)
            }
        };
        self.store.settle(&transaction, unclear.id, title.is_none()).await?;
        self.store.commit(transaction).await?;
        match title {
            Some(title) => Ok(Some(self.title(Some(user), title).await?)),
            None => Ok(None),
        }
    }
}
