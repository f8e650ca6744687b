//! Where games are: for features that keep something by a game's id.

use super::{model::NamedGame, store::Store};
use crate::platform::{db::Database, error::StoreError};

/// Finds games by their ids. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GameDirectory(Store);

impl GameDirectory {
    /// The directory of a database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Store::new(database))
    }

    /// The games with these ids; those that do not exist are left out.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn games(&self, ids: &[i64]) -> Result<Vec<NamedGame>, StoreError> {
        self.0.named_games(ids).await
    }
}
