//! Why something can't be done with thoughts.

use super::{MAX_BYTES, MAX_COMMENTS, MAX_COMMENTS_OF_ONE, MAX_ON_TITLE, MAX_THOUGHTS, Thought, WithCards};
use crate::{
    catalogue::titles::TitleError,
    identity::people::PeopleError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why something can't be done with thoughts.
#[derive(Debug, thiserror::Error)]
pub enum ThoughtError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such thought, or not for this person.
    #[error("There is no such thought, or none that you can see.")]
    NotFound,
    /// There is no such title for this person.
    #[error("There is no such game.")]
    GameNotFound,
    /// The thought has no such comment, or not for this person.
    #[error("There is no such comment, or none that you can see.")]
    CommentNotFound,
    /// The comment is somebody else's, and so is the thought.
    #[error("A comment is deleted by who wrote it or by the author of the thought.")]
    CommentNotYours,
    /// The thought was changed since it was read.
    #[error("It was changed meanwhile; what it is now is in current.")]
    Stale(Box<WithCards<Thought>>),
    /// The user has reviewed the title already.
    #[error("You have a review of this game: change that one.")]
    ReviewExists,
    /// A review needs the title in the library.
    #[error("A review needs the game in your library: add it first.")]
    NotInLibrary,
    /// The author has closed comments.
    #[error("The author takes no more comments on this.")]
    CommentsClosed,
    /// The author has closed reactions.
    #[error("The author takes no more reactions to this.")]
    ReactionsClosed,
    /// The author of the thought could not see who comments or reacts.
    #[error("The author would not see that it was you: your profile is not visible to them.")]
    ProfileHidden,
    /// The user has as many thoughts as one may.
    #[error("You have {MAX_THOUGHTS} thoughts, and may write no more.")]
    TooMany,
    /// The user has as many thoughts on the title as one may.
    #[error("You have {MAX_ON_TITLE} thoughts on this game, and may write no more on it.")]
    TooManyOnTitle,
    /// The user's thoughts take as much room as they may.
    #[error("Your thoughts take up to {MAX_BYTES} bytes, and this one finds no room.")]
    NoRoom,
    /// The thought has as many comments as it may, or the user has written as many on it as one may.
    #[error("A thought has at most {MAX_COMMENTS} comments, and {MAX_COMMENTS_OF_ONE} by one person.")]
    TooManyComments,
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A task of the program ended early.
    #[error("rendering a text failed: {0}")]
    Broken(String),
}

impl DomainError for ThoughtError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "thought_not_found"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::CommentNotFound => (Kind::NotFound, "comment_not_found"),
            Self::CommentNotYours => (Kind::Forbidden, "not_yours"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::ReviewExists => (Kind::Conflict, "review_exists"),
            Self::NotInLibrary => (Kind::Conflict, "not_in_library"),
            Self::CommentsClosed => (Kind::Conflict, "comments_closed"),
            Self::ReactionsClosed => (Kind::Conflict, "reactions_closed"),
            Self::ProfileHidden => (Kind::Forbidden, "profile_hidden"),
            Self::TooMany | Self::TooManyOnTitle | Self::NoRoom => (Kind::Conflict, "too_many_thoughts"),
            Self::TooManyComments => (Kind::Conflict, "too_many_comments"),
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
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
