//! What players keep of their games, and the people who do: the features that lie in the control tables alone.

use crate::{
    catalogue::titles::Titles,
    identity::people::People,
    journal::{
        library::{EntriesApi, ImportsApi, LibrariesApi, Library, Settings},
        social::{Social, SocialApi},
        thoughts::{Thoughts, ThoughtsApi},
    },
    platform::{db::Database, tasks::Tasks},
};

/// These features. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    /// People as others see them.
    pub people: People,
    /// Libraries.
    pub library: Library,
    /// Thoughts, reviews, comments and reactions.
    pub thoughts: Thoughts,
    /// Feeds and first pages.
    pub social: Social,
}

impl Journal {
    /// Starts them.
    #[must_use]
    pub fn start(database: &Database, titles: &Titles, library: Settings, tasks: &Tasks) -> Self {
        let control = database.control();
        let people = People::new(control.clone());
        let library = Library::start(control.clone(), titles.clone(), people.clone(), library, tasks);
        let thoughts = Thoughts::new(control.clone(), titles.clone(), people.clone());
        let social = Social::new(control.clone(), titles.clone(), people.clone());
        Self { people, library, thoughts, social }
    }

    /// Their routes.
    pub(super) fn apis(&self) -> JournalApis {
        let library = (
            EntriesApi { library: self.library.clone() },
            ImportsApi { library: self.library.clone() },
            LibrariesApi { library: self.library.clone() },
        );
        let social = SocialApi { social: self.social.clone() };
        (library, ThoughtsApi { thoughts: self.thoughts.clone() }, social)
    }
}

/// Their routes.
pub type JournalApis = ((EntriesApi, ImportsApi, LibrariesApi), ThoughtsApi, SocialApi);
