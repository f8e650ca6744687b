//! Why something can't be done in moderation.

use std::time::Duration;

use super::MAX_REPORTS;
use crate::{
    catalogue::titles::TitleError,
    identity::people::PeopleError,
    journal::{challenges::ChallengeError, media::MediaError, thoughts::ThoughtError},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why something can't be done in moderation.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such thing, or not for this person.
    #[error("There is no such thing, or none that you can see.")]
    SubjectNotFound,
    /// Somebody reports what is their own.
    #[error("This is your own.")]
    OwnThing,
    /// The user has reported as much as one may in a day.
    #[error("One reports {MAX_REPORTS} things a day at most.")]
    TooManyReports(Duration),
    /// Only moderators may.
    #[error("This is for moderators of this server.")]
    ModeratorNeeded,
    /// Only administrators may.
    #[error("This is for administrators of this server.")]
    AdministratorNeeded,
    /// There is no such verdict, or not about something of the user's.
    #[error("There is no such verdict, or none about something of yours.")]
    VerdictNotFound,
    /// The verdict takes nothing from its author any more.
    #[error("This verdict is not in force, or takes nothing from you.")]
    NotInForce,
    /// There is an appeal already.
    #[error("There was an appeal against this verdict: there is one at most.")]
    AppealedAlready,
    /// The verdict was undone already.
    #[error("This verdict was undone already.")]
    Undone,
    /// Another verdict came after it.
    #[error("Another verdict came after this one: undo that one first.")]
    Superseded,
    /// There is no such person.
    #[error("There is no such person.")]
    PersonNotFound,
    /// The names that were taken away are somebody else's by now.
    #[error("Somebody else has this username by now.")]
    UsernameTaken,
    /// Thoughts.
    #[error(transparent)]
    Thoughts(#[from] ThoughtError),
    /// Media.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// Challenges.
    #[error(transparent)]
    Challenges(#[from] ChallengeError),
    /// Titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// People.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DomainError for ModerationError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::SubjectNotFound => (Kind::NotFound, "subject_not_found"),
            Self::OwnThing => (Kind::Conflict, "own_thing"),
            Self::TooManyReports(_) => (Kind::TooMany, "too_many_reports"),
            Self::ModeratorNeeded => (Kind::Forbidden, "moderator_needed"),
            Self::AdministratorNeeded => (Kind::Forbidden, "administrator_needed"),
            Self::VerdictNotFound => (Kind::NotFound, "verdict_not_found"),
            Self::NotInForce => (Kind::Conflict, "verdict_not_in_force"),
            Self::AppealedAlready => (Kind::Conflict, "appealed_already"),
            Self::Undone => (Kind::Conflict, "verdict_undone"),
            Self::Superseded => (Kind::Conflict, "verdict_superseded"),
            Self::PersonNotFound => (Kind::NotFound, "person_not_found"),
            Self::UsernameTaken => (Kind::Conflict, "username_taken"),
            Self::Thoughts(error) => error.kind(),
            Self::Media(error) => error.kind(),
            Self::Challenges(error) => error.kind(),
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Thoughts(error) => Some(error),
            Self::Media(error) => Some(error),
            Self::Challenges(error) => Some(error),
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        if let Self::TooManyReports(wait) = self { Some(("reports", *wait)) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
