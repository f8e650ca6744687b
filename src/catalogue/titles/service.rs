//! The use cases of titles, by what they are about.

mod changing;
mod export;
mod games;
mod intake;
mod search;

use std::collections::BTreeMap;

pub use self::{
    changing::Change,
    intake::{SLICE, Taken},
};
use super::{
    model::{NameMatch, NameQuery, Title, TitleCard, TitleError, TitleId, matching},
    store::{Sight, Store, Transaction},
};
use crate::{
    identity::{
        access::UserId,
        accounts::Accounts,
        studios::{GameDirectory, Studios},
    },
    platform::{db::Database, error::StoreError},
};

/// The catalogue's titles. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Titles {
    store: Store,
    accounts: Accounts,
    studios: Studios,
    directory: GameDirectory,
    counts: search::KeptCounts,
    /// Whether the index of trigrams is there.
    has_trigrams: bool,
}

impl Titles {
    /// The titles of a database. Says in the log what is missing where names can't be found by a part of them.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(database: Database, accounts: Accounts, studios: Studios) -> Result<Self, StoreError> {
        let store = Store::new(database.control().clone());
        let has_trigrams = store.has_trigrams().await?;
        if !has_trigrams {
            tracing::warn!(
                "titles are found by the beginning of a name alone: the PostgreSQL extension pg_trgm or its index is missing; \
                 docs/operations.md says under Rights on PostgreSQL how to add them"
            );
        }
        let (directory, counts) = (GameDirectory::new(database), search::KeptCounts::default());
        Ok(Self { store, accounts, studios, directory, counts, has_trigrams })
    }

    /// What lists show of these titles, in this order. Titles that are not there, or that the viewer does not see, are left out; one
    /// that was merged into another is shown as that.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn cards(&self, viewer: Option<&UserId>, ids: &[TitleId]) -> Result<Vec<TitleCard>, TitleError> {
        Ok(self.store.cards(Sight::of(viewer), ids).await?)
    }

    /// The title with that id, or the one that it was merged into, if the viewer sees it.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], or the database can't be reached.
    pub async fn card(&self, viewer: Option<&UserId>, id: TitleId) -> Result<TitleCard, TitleError> {
        self.cards(viewer, &[id]).await?.pop().ok_or(TitleError::NotFound)
    }

    /// The ids that stand for a title: its own, and those of titles that were merged into it.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn ids_of(&self, title: TitleId) -> Result<Vec<TitleId>, TitleError> {
        Ok(self.store.ids_of(title).await?)
    }

    /// All that is known of a title, or of the one that it was merged into.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], or the database can't be reached.
    pub async fn title(&self, viewer: Option<&UserId>, id: TitleId) -> Result<Title, TitleError> {
        let title = self.store.title(id).await?.ok_or(TitleError::NotFound)?;
        let author = title.pending_of.as_ref().map(UserId::as_str);
        if Sight::of(viewer).sees(author) {
            return Ok(title);
        }
        // An administrator sees what awaits approval.
        match viewer {
            Some(user) if self.accounts.is_administrator(user).await? => Ok(title),
            _ => Err(TitleError::NotFound),
        }
    }

    /// The titles that these ids of a source stand for; unknown ones are left out.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn by_external(&self, source: &str, ids: &[String]) -> Result<BTreeMap<String, TitleId>, TitleError> {
        Ok(self.store.by_external(None, source, ids).await?)
    }

    /// Which titles are meant by these names, each with what is known beside it: by folded names alone, never by similar ones.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn by_names(&self, viewer: Option<&UserId>, queries: &[NameQuery]) -> Result<Vec<NameMatch>, TitleError> {
        let mut keys: Vec<String> = queries.iter().map(|query| query.name_key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        let namesakes = self.store.namesakes(None, Sight::of(viewer), &keys).await?;
        let of = |query: &NameQuery| namesakes.get(&query.name_key).map_or(&[][..], Vec::as_slice);
        Ok(queries.iter().map(|query| matching::choose(query, of(query))).collect())
    }
}
