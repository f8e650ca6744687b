//! The errors of people.

use std::{sync::Arc, time::Duration};

use super::{MAX_BLOCKS, MAX_FOLLOWS};
use crate::{
    identity::accounts::AccountError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why a use case of people failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PeopleError {
    /// The body can't be parsed.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Members of the body, or parameters, are not valid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such person, or not for this viewer.
    #[error("There is no such person, or they do not show themselves to you.")]
    NotFound,
    /// The user is known to nobody yet.
    #[error("Choose a username first: others would not know who you are.")]
    UsernameNeeded,
    /// Another person has this username, or one that looks like it, or had it a while ago.
    #[error("This username is taken, or one that looks like it is.")]
    UsernameTaken,
    /// The username was changed lately; the next change is allowed after this time.
    #[error("A username is changed once in thirty days.")]
    UsernameChangedLately(Duration),
    /// Somebody would follow or block themselves.
    #[error("This is yourself.")]
    Oneself,
    /// The user follows as many people as one may.
    #[error("One follows {MAX_FOLLOWS} people at most.")]
    TooManyFollows,
    /// The user has blocked as many people as one may.
    #[error("One blocks {MAX_BLOCKS} people at most.")]
    TooManyBlocks,
    /// A search by place needs the searcher's own.
    #[error("Say first where you are: PUT /api/people/place.")]
    PlaceNeeded,
    /// The user does not say where they are.
    #[error("You have not said where you are.")]
    NoPlace,
    /// The place was changed lately; the next change is allowed after this time.
    #[error("A place is changed once a day.")]
    PlaceChangedLately(Duration),
    /// The user was deleted meanwhile.
    #[error("This account no longer exists.")]
    Gone,
    /// Accounts refused, or failed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for PeopleError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "person_not_found"),
            Self::UsernameNeeded => (Kind::Conflict, "username_needed"),
            Self::UsernameTaken => (Kind::Conflict, "username_taken"),
            Self::UsernameChangedLately(_) => (Kind::TooMany, "username_changed_lately"),
            Self::Oneself => (Kind::Conflict, "oneself"),
            Self::TooManyFollows => (Kind::Conflict, "too_many_follows"),
            Self::TooManyBlocks => (Kind::Conflict, "too_many_blocks"),
            Self::NoPlace => (Kind::NotFound, "place_not_found"),
            Self::PlaceNeeded => (Kind::Conflict, "place_needed"),
            Self::PlaceChangedLately(_) => (Kind::TooMany, "place_changed_lately"),
            Self::Gone => (Kind::Unauthenticated, "account_gone"),
            Self::Account(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Account(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        match self {
            Self::UsernameChangedLately(wait) => Some(("username-changes", *wait)),
            Self::PlaceChangedLately(wait) => Some(("place-changes", *wait)),
            _ => None,
        }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
