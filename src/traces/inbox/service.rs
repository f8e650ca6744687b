//! The use case of the inbox: read it.

use super::{
    model::{InboxError, InboxItem},
    store::Store,
};
use crate::{identity::access::Player, platform::db::Database};

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

    /// The items of a player's inbox with ids above `after`, the oldest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn items(&self, player: &Player, after: i64, limit: usize) -> Result<Vec<InboxItem>, InboxError> {
        Ok(self.store.items(player, after, limit).await?)
    }
}
