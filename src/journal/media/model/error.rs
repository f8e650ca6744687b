//! Why something can't be done with media.

use super::{MAX_MEDIA, MAX_ON_TITLE, WithLinks};
use crate::{
    catalogue::titles::TitleError,
    identity::people::PeopleError,
    platform::{
        blobs::BlobError,
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why something can't be done with media.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such thing of media, or not for this person.
    #[error("There is no such medium, or none that you can see.")]
    NotFound,
    /// There is no such title for this person.
    #[error("There is no such game.")]
    GameNotFound,
    /// The UUID was used.
    #[error("There is something of this UUID already: take another.")]
    Exists,
    /// It was changed since it was read.
    #[error("It was changed meanwhile; what it is now is in current.")]
    Stale(Box<WithLinks>),
    /// The user has as many as one may.
    #[error("You may keep {MAX_MEDIA} files, and {MAX_ON_TITLE} on one game.")]
    TooMany,
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The files.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DomainError for MediaError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "media_not_found"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::Exists => (Kind::Conflict, "media_exists"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::TooMany => (Kind::Conflict, "too_many_media"),
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Blobs(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
            Self::Blobs(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
