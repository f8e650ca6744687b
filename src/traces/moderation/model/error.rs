//! Why a request of moderation failed.

use std::sync::Arc;

use super::{HIDDEN_AUTHORS, InteractionError};
use crate::{
    identity::{players::PlayerError, studios::StudioError},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    worlds::WorldError,
};

/// Why a request of moderation failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModerationError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not interact with the trace.
    #[error(transparent)]
    Interaction(#[from] InteractionError),
    /// There is no such player.
    #[error("There is no such player in this world.")]
    PlayerNotFound,
    /// The player has hidden as many authors as are allowed.
    #[error("{HIDDEN_AUTHORS} authors are hidden already; that is the most.")]
    TooManyHidden,
    /// The command was not run.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The audit log could not be written.
    #[error(transparent)]
    Studios(#[from] StudioError),
    /// The player's display name could not be changed.
    #[error(transparent)]
    Players(#[from] PlayerError),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for ModerationError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for ModerationError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Interaction(error) => error.kind(),
            Self::PlayerNotFound => (Kind::NotFound, "player_not_found"),
            Self::TooManyHidden => (Kind::Conflict, "too_many_hidden"),
            Self::World(error) => error.kind(),
            Self::Studios(error) => error.kind(),
            Self::Players(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::World(error) => Some(error),
            Self::Studios(error) => Some(error),
            Self::Players(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
