//! Types of meeting, and the feature's error.

use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::trace::{GroupKey, TraceError, TraceResponse},
    worlds::{ChangeReason, ScopeKey, WorldKey},
};

/// Permissions of one answer, at most.
pub const SCOPES: usize = 8;

/// Changes of one answer, at most.
pub const CHANGES: usize = 1_000;

/// Seconds that a question after changes may wait, at most.
pub const WAIT_SECS: u64 = 30;

/// Whose decks: what the snapshot cache files them under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeckKey {
    /// The world.
    pub world: WorldKey,
    /// The scope.
    pub scope: ScopeKey,
    /// The group that asks.
    pub group: Option<GroupKey>,
    /// The content that the reader understands, where the scope has newer traces.
    pub version: Option<i32>,
}

/// What became of a trace, or that it was left.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Its place in the world's order.
    pub seq: i64,
    /// The trace.
    pub id: i64,
    /// What became of it; nothing where it was left.
    pub reason: Option<ChangeReason>,
    /// The trace, where there is one to be seen.
    pub trace: Option<Box<TraceResponse>>,
}

/// A page of what has happened.
#[derive(Debug)]
pub struct Happenings {
    /// In order.
    pub items: Vec<Happening>,
    /// After which the next page begins.
    pub next: i64,
    /// Whether more has happened.
    pub more: bool,
}

/// Why nothing can be met.
#[derive(Debug, thiserror::Error)]
pub enum MeetingError {
    /// The body can't be read at all.
    #[error("{0}")]
    Malformed(String),
    /// The request is wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such trace.
    #[error("There is no such trace.")]
    NotThere,
    /// What happened after that is not known any more.
    #[error(
        "What happened after that is not kept any more: start over, with the first page or with a deck and its revision."
    )]
    TooOld,
    /// The store of traces.
    #[error(transparent)]
    Traces(#[from] TraceError),
}

impl From<StoreError> for MeetingError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Unreadable> for MeetingError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", error.to_string())]),
        }
    }
}

impl From<Fault> for MeetingError {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl DomainError for MeetingError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotThere => (Kind::NotFound, "trace_not_found"),
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
