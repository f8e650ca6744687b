//! The use case of the inbox: read it.

use super::{
    model::{InboxError, InboxItem},
    store::Store,
};
use crate::{
    identity::access::Player,
    platform::{
        db::Database,
        page::{self, Page},
    },
};

/// The service of the inbox. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    store: Store,
}

impl Inbox {
    /// A service on that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { store: Store::new(database) }
    }

    /// The items of a player's inbox with ids above `after`, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn page(&self, player: &Player, after: i64, limit: usize) -> Result<Page<InboxItem>, InboxError> {
        Ok(Page::cut(self.store.items(player, after, page::rows_for(limit)).await?, limit))
    }
}
