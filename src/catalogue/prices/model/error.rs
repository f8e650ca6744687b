//! The error of prices.

use std::sync::Arc;

use crate::{
    catalogue::titles::TitleError,
    platform::error::{DomainError, Fault, Kind, StoreError},
};

/// Why prices can't be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PriceError {
    /// The title can't be shown.
    #[error(transparent)]
    Title(#[from] TitleError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for PriceError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for PriceError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Title(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Title(error) = self { error.faults() } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Title(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
