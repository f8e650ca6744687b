//! Types and pure rules of people.

use std::sync::Arc;

use crate::platform::error::{DomainError, Kind, StoreError};

/// Why a use case of people failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PeopleError {
    /// There is no such person, or not for this viewer.
    #[error("There is no such person, or they do not show themselves to you.")]
    NotFound,
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
            Self::NotFound => (Kind::NotFound, "person_not_found"),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
