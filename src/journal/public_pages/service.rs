//! What the pages show, each as a stranger sees it.

use super::model::{PageError, PersonContent, TitleContent};
use crate::{
    catalogue::titles::{TitleId, Titles},
    identity::people::People,
    journal::{
        library::Library,
        thoughts::{Kind, ListRequest, Thought, ThoughtId, Thoughts, WithCards},
    },
};

/// Thoughts on a page.
const THOUGHTS: usize = 20;

/// Public pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PublicPages {
    /// Titles.
    pub titles: Titles,
    /// Thoughts.
    pub thoughts: Thoughts,
    /// People.
    pub people: People,
    /// Libraries.
    pub library: Library,
}

const NEWEST: ListRequest = ListRequest { kind: Kind::All, after: None, limit: THOUGHTS };

impl PublicPages {
    /// A title that everybody sees.
    ///
    /// # Errors
    /// There is none, or the database can't be asked.
    pub async fn title(&self, id: TitleId) -> Result<TitleContent, PageError> {
        let title = self.titles.card(None, id).await?;
        let thoughts = self.thoughts.on_title(None, title.id, &NEWEST).await?.items;
        Ok(TitleContent { title, thoughts })
    }

    /// A person who shows themself to everybody.
    ///
    /// # Errors
    /// There is none, or the database can't be asked.
    pub async fn person(&self, username: &str) -> Result<PersonContent, PageError> {
        let person = self.people.person(None, username).await?;
        let statistics = self.library.statistics(None, person.user()).await?;
        let thoughts = self.thoughts.of_person(None, username, &NEWEST).await?.items;
        Ok(PersonContent { person, statistics, thoughts })
    }

    /// A thought that everybody may read.
    ///
    /// # Errors
    /// There is none, or the database can't be asked.
    pub async fn thought(&self, id: ThoughtId) -> Result<WithCards<Thought>, PageError> {
        Ok(self.thoughts.thought(None, id).await?)
    }
}
