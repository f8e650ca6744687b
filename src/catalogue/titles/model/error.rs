//! The error of titles.

use std::sync::Arc;

use super::{Title, TitleId};
use crate::{
    identity::{accounts::AccountError, studios::StudioError},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why something can't be done with titles.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TitleError {
    /// There is no title with that id, or not for this caller.
    #[error("There is no game with this id, or none that you can see.")]
    NotFound,
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// Only administrators may do this.
    #[error("Only administrators may do this; the author of a game may change and delete it until it is approved.")]
    AdministratorRequired,
    /// The title was changed since it was read.
    #[error("The game was changed since you read it.")]
    Stale(Box<Title>),
    /// A title with this name, year and platform is there.
    #[error("There is a game with this name, year and platform: {0}.")]
    Exists(TitleId),
    /// The user has as many titles that await approval as one may.
    #[error("You have added {0} games that await approval, and may add no more until some are approved.")]
    TooManyPending(u64),
    /// Something refers to the title.
    #[error("The game is in somebody's library, or something else refers to it: merge it into another one instead.")]
    InUse,
    /// The title is approved already.
    #[error("The game is approved already.")]
    Approved,
    /// A title can't be merged into itself, or into one that is not approved.
    #[error("A game can be merged into another one that is approved, not into itself.")]
    NoTarget,
    /// An external id is another title's.
    #[error("{source_name} {external} is the game {title} already.")]
    ExternalTaken {
        /// The source.
        source_name: String,
        /// The id in the source.
        external: String,
        /// The title that has it.
        title: TitleId,
    },
    /// There is no such record in the queue.
    #[error("There is no such record: somebody has decided about it.")]
    UnclearNotFound,
    /// The game is linked to another title, or the title is gone.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The accounts feature failed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for TitleError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for TitleError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::NotFound => (Kind::NotFound, "game_not_found"),
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::AdministratorRequired => (Kind::Forbidden, "administrator_needed"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::Exists(_) => (Kind::Conflict, "game_exists"),
            Self::TooManyPending(_) => (Kind::Conflict, "too_many_pending"),
            Self::InUse => (Kind::Conflict, "game_in_use"),
            Self::Approved => (Kind::Conflict, "game_approved"),
            Self::NoTarget => (Kind::Conflict, "no_merge_target"),
            Self::ExternalTaken { .. } => (Kind::Conflict, "external_id_taken"),
            Self::UnclearNotFound => (Kind::NotFound, "record_not_found"),
            Self::Studio(error) => error.kind(),
            Self::Account(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        match self {
            Self::Invalid(faults) => faults,
            _ => &[],
        }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Studio(error) => Some(error),
            Self::Account(error) => Some(error),
            _ => None,
        }
    }

    fn needs_session(&self) -> bool {
        true
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
