//! What pages show, and why one can't be.

use crate::{
    catalogue::titles::{TitleCard, TitleError},
    identity::people::{PeopleError, Person},
    journal::{
        library::{LibraryError, Statistics},
        thoughts::{Thought, ThoughtError, WithCards},
    },
    platform::error::{DomainError, Kind},
};

/// What the page of a title shows.
#[derive(Debug)]
pub struct TitleContent {
    /// The title.
    pub title: TitleCard,
    /// What everybody may read about it, the newest first.
    pub thoughts: Vec<WithCards<Thought>>,
}

/// What the page of a person shows.
#[derive(Debug)]
pub struct PersonContent {
    /// The person.
    pub person: Person,
    /// Of the part of their library that everybody may see.
    pub statistics: Statistics,
    /// What everybody may read of them, the newest first.
    pub thoughts: Vec<WithCards<Thought>>,
}

/// Why a page can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The title.
    #[error(transparent)]
    Title(#[from] TitleError),
    /// The person.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The library.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The thoughts.
    #[error(transparent)]
    Thoughts(#[from] ThoughtError),
}

impl PageError {
    fn cause(&self) -> &dyn DomainError {
        match self {
            Self::Title(error) => error,
            Self::People(error) => error,
            Self::Library(error) => error,
            Self::Thoughts(error) => error,
        }
    }
}

impl DomainError for PageError {
    fn kind(&self) -> (Kind, &'static str) {
        self.cause().kind()
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        Some(self.cause())
    }
}
