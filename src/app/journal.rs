//! What players keep of their games, and the people who do: the features that lie in the control tables alone.

use crate::{
    catalogue::titles::Titles,
    identity::people::People,
    journal::thoughts::{Thoughts, ThoughtsApi},
    platform::db::Database,
};

/// These features. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    /// People as others see them.
    pub people: People,
    /// Thoughts, reviews, comments and reactions.
    pub thoughts: Thoughts,
}

impl Journal {
    /// Starts them.
    #[must_use]
    pub fn start(database: &Database, titles: &Titles) -> Self {
        let control = database.control();
        let people = People::new(control.clone());
        let thoughts = Thoughts::new(control.clone(), titles.clone(), people.clone());
        Self { people, thoughts }
    }

    /// Their routes.
    pub(super) fn apis(&self) -> JournalApis {
        ThoughtsApi { thoughts: self.thoughts.clone() }
    }
}

/// Their routes.
pub type JournalApis = ThoughtsApi;
