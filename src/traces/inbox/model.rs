//! The items of the inbox, and the feature's error.

use std::sync::Arc;

use crate::{
    platform::error::{DomainError, Fault, Kind, StoreError},
    traces::trace::InboxEvent,
};

/// Something that has happened to a player's trace.
#[derive(Clone, Copy, Debug)]
pub struct InboxItem {
    /// Ascending by time; an event that happens again gets a new id.
    pub id: i64,
    /// What happened.
    pub event: InboxEvent,
    /// The trace's id.
    pub trace: i64,
    /// Votes for the trace at that time, imported ones included.
    pub good: i32,
    /// Votes against it at that time.
    pub poor: i32,
    /// Its uses at that time.
    pub uses: i32,
    /// How often it has happened.
    pub count: i32,
    /// When it happened last.
    pub at_ms: i64,
}

/// Why the inbox could not be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum InboxError {
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for InboxError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
