//! Types of the feed, and its error.

use std::time::Duration;

use crate::{
    platform::{
        error::{DomainError, Fault, Kind, StoreError},
        named::Named,
    },
    traces::{
        inbox::InboxError,
        trace::{Trace, TraceError},
    },
    worlds::{ChangeReason, ScopeKey},
};

/// The most items on a page.
pub const MAX_ITEMS: usize = 1_000;

/// The longest wait for a change, in seconds.
pub const MAX_WAIT_SECS: i64 = 60;

/// Which changes are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedQuery {
    /// In these scopes, each once; in all scopes if there are none.
    pub scopes: Vec<ScopeKey>,
    /// After this sequence number.
    pub after: i64,
    /// The most items on the page.
    pub limit: usize,
    /// How long to wait for a change if there is none.
    pub wait: Duration,
    /// The item of the player's inbox after which it is asked for too.
    pub inbox_after: Option<i64>,
}

/// What a feed item tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedWhat {
    /// A trace was left.
    Left,
    /// A trace was changed, or is visible again.
    Changed,
    /// A trace has gone.
    Gone,
    /// The votes on a trace have changed.
    Rated,
}

impl Named for FeedWhat {
    const SET: &'static str = "FeedWhat";
    const MEMBERS: &'static [Self] = &[Self::Left, Self::Changed, Self::Gone, Self::Rated];

    fn public_name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Rated => "rated",
        }
    }
}

/// The counters of a trace after votes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// Votes for it, imported ones included.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// Its score.
    pub score: f64,
    /// Its uses.
    pub uses: i32,
}

/// What has become of a trace.
#[derive(Clone, Debug, PartialEq)]
pub enum FeedEvent {
    /// It was left, and is as it is now.
    Left(Option<Trace>),
    /// It was changed, hidden or removed, and is as it is now, if players can see it; nothing for a reason of a newer version.
    Changed(Option<ChangeReason>, Option<Trace>),
    /// Votes on it have changed.
    Rated(Rating),
}

/// Something that has become of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The trace's id.
    pub id: i64,
    /// What has become of it.
    pub event: FeedEvent,
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
    /// The player's inbox can't be read.
    #[error(transparent)]
    Inbox(#[from] InboxError),
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
            Self::Inbox(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Inbox(error) => Some(error),
            Self::Invalid(_) | Self::TooOld => None,
        }
    }
}
