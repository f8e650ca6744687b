//! Types of the feed, and its error.

use std::time::Duration;

use crate::{
    platform::error::{DomainError, Fault, Kind, StoreError},
    traces::trace::{Trace, TraceError},
    worlds::{ChangeReason, ScopeKey},
};

/// The most items on a page.
pub const MAX_ITEMS: usize = 1_000;

/// The longest wait for a change, in seconds.
pub const MAX_WAIT_SECS: i64 = 60;

/// Which changes are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedQuery {
    /// In this scope; in all scopes if absent.
    pub scope: Option<ScopeKey>,
    /// After this sequence number.
    pub after: i64,
    /// The most items on the page.
    pub limit: usize,
    /// How long to wait for a change if there is none.
    pub wait: Duration,
}

/// A trace that was left, or a change of one.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The trace's id.
    pub id: i64,
    /// How it was changed; nothing where it was left.
    pub reason: Option<ChangeReason>,
    /// The trace as it is now, if players can see it.
    pub trace: Option<Trace>,
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPage {
    /// The items, in order.
    pub items: Vec<FeedItem>,
    /// The sequence number after which the next page begins.
    pub next: i64,
    /// Whether there are more items now.
    pub more: bool,
}

/// Why a page of the feed can't be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FeedError {
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The change log no longer reaches back to the cursor, or the cursor is none of this world's.
    #[error(
        "The changes after that are no longer kept: start over, with the first page or with a deck and its revision."
    )]
    TooOld,
    /// The store of traces failed.
    #[error(transparent)]
    Traces(#[from] TraceError),
}

impl From<StoreError> for FeedError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Fault> for FeedError {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl DomainError for FeedError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::TooOld => (Kind::Gone, "cursor_too_old"),
            Self::Traces(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Traces(error) = self { Some(error) } else { None }
    }
}
