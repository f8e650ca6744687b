//! The use cases of libraries, by what they are about.

mod applying;
mod bulk;
mod entries;
mod export;
mod matching;
mod playthroughs;
mod reading;

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

pub use self::reading::BrokenImport;
use super::{model::LibraryError, store::Store};
use crate::{
    catalogue::titles::Titles,
    identity::{access::UserId, people::People},
    platform::{db::Control, tasks::Tasks},
};

/// Files that are read at once on one instance: each has a thread, and a few batches in memory.
const CONCURRENT_READS: usize = 4;

/// How often what can no longer be undone is removed.
const REMOVE_EXPIRED_EVERY: Duration = Duration::from_mins(5);

/// Entries that are removed in one transaction, before an account is deleted.
const REMOVED_AT_ONCE: u64 = 100;

/// The settings of libraries.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long an edit or a deletion can be undone.
    pub undo: Duration,
    /// How long an import can be undone.
    pub import_undo: Duration,
    /// The most bytes of a file that is imported, after decompression.
    pub import_bytes: u64,
}

/// Libraries. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Library {
    store: Store,
    titles: Titles,
    people: People,
    settings: Settings,
    reads: Arc<Semaphore>,
}

impl Library {
    /// Starts the feature and its background task.
    #[must_use]
    pub fn start(control: Control, titles: Titles, people: People, settings: Settings, tasks: &Tasks) -> Self {
        let (store, reads) = (Store::new(control), Arc::new(Semaphore::new(CONCURRENT_READS)));
        let library = Self { store, titles, people, settings, reads };
        tasks.spawn_until_stop("remove expired library edits", library.clone().remove_expired());
        library
    }

    async fn remove_expired(self) {
        loop {
            match self.store.remove_expired().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "removing expired edits and imports of libraries failed"),
            }
            tokio::time::sleep(REMOVE_EXPIRED_EVERY).await;
        }
    }

    /// The user of that name, as far as the viewer may know of them.
    ///
    /// # Errors
    /// There is no such person for this viewer, or the database can't be reached.
    pub async fn owner(&self, viewer: Option<&UserId>, username: &str) -> Result<UserId, LibraryError> {
        Ok(self.people.find(viewer, username).await?)
    }

    /// Removes a library in slices, before its user is deleted: in one transaction a large one would hold up all others.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn remove(&self, user: &UserId) -> Result<(), LibraryError> {
        for import in self.store.imports(user).await? {
            self.store.remove_import(&import.id.0).await?;
        }
        loop {
            let titles = self.store.titles_after(user, i64::MIN, REMOVED_AT_ONCE).await?;
            if titles.is_empty() {
                return Ok(());
            }
            let transaction = self.store.begin().await?;
            self.store.delete_entries(&transaction, user, &titles).await?;
            self.store.commit(transaction).await?;
        }
    }
}
