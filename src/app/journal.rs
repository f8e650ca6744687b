//! What players keep of their games, and the people who do: the features that lie in the control tables alone.

use crate::{identity::people::People, platform::db::Database};

/// These features. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    /// People as others see them.
    pub people: People,
}

impl Journal {
    /// Starts them.
    #[must_use]
    pub fn start(database: &Database) -> Self {
        let control = database.control();
        Self { people: People::new(control.clone()) }
    }
}
