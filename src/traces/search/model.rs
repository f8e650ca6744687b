//! Types of searches, and the feature's error.

use super::cursor::Cursor;
use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        named::Named,
    },
    traces::{
        TraceKind,
        authoring::AuthoringError,
        decks::Versions,
        trace::{GroupKey, Trace, TraceError},
    },
    worlds::ScopeKey,
};

/// Traces on a page, if the request does not say.
pub const DEFAULT_LIMIT: u16 = 100;

/// The most traces on a page.
pub const MAX_LIMIT: u16 = 1_000;

/// The most ghosts on either side of a rank.
pub const MAX_PER_SIDE: u16 = 100;

/// Ghosts just better than a rank, if the request names no number for either side.
pub const DEFAULT_AHEAD: u16 = 10;

/// The most traces in `gone` of a page.
pub const MAX_GONE: usize = 1_000;

/// The name of an order, `mode` in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchMode {
    /// The newest first.
    Recent,
    /// The best score first.
    Top,
    /// The nearest first.
    Near,
    /// Ghosts beside a rank, the best first.
    Ahead,
    /// The player's own, the oldest first.
    Own,
}

impl Named for SearchMode {
    const SET: &'static str = "SearchMode";
    const MEMBERS: &'static [Self] = &[Self::Recent, Self::Top, Self::Near, Self::Ahead, Self::Own];

    fn public_name(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Top => "top",
            Self::Near => "near",
            Self::Ahead => "ahead",
            Self::Own => "own",
        }
    }
}

/// The order of a search, and what it is restricted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SortOrder {
    /// The newest first.
    Recent,
    /// The best score first: only traces with a positive score that are not history.
    Top,
    /// The nearest first.
    Near {
        /// The position from which distances are measured.
        to: [f64; 3],
        /// The greatest distance; more than 0.
        radius: f64,
    },
    /// Ghosts whose rank is beside a given one, the best first.
    Ahead(RankWindow),
    /// The player's own traces, the oldest first.
    Own,
}

/// The ghosts on either side of a rank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankWindow {
    /// The rank; lower is better.
    pub rank_value: f64,
    /// The number of better ones: the worst of them.
    pub ahead: u16,
    /// The number of equal or worse ones: the best of them.
    pub behind: u16,
    /// Whether only the best ghost of each author in a scope counts.
    pub best_per_author: bool,
}

impl SortOrder {
    /// The `mode` of a request.
    #[must_use]
    pub fn mode(&self) -> SearchMode {
        match self {
            Self::Recent => SearchMode::Recent,
            Self::Top => SearchMode::Top,
            Self::Near { .. } => SearchMode::Near,
            Self::Ahead(_) => SearchMode::Ahead,
            Self::Own => SearchMode::Own,
        }
    }

    /// The place of a trace in this order.
    #[must_use]
    pub fn position_of(&self, trace: &Trace) -> Position {
        let key = match (self, trace.position) {
            (Self::Top, _) => trace.score,
            (Self::Near { to, .. }, Some(position)) => squared_distance(position, *to),
            _ => 0.0,
        };
        Position { key, id: trace.id }
    }
}

/// A place in the order of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The key by which the order sorts before the id: a score, or the square of a distance.
    pub key: f64,
    /// The trace's id.
    pub id: i64,
}

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    /// The order.
    pub order: SortOrder,
    /// The scopes, each once. Empty only with [`SortOrder::Own`]: all scopes.
    pub scopes: Vec<ScopeKey>,
    /// The kinds, each once.
    pub kinds: Vec<TraceKind>,
    /// The group whose traces are asked for; traces of no group, if absent.
    pub group: Option<GroupKey>,
    /// The content versions.
    pub versions: Versions,
    /// The end of the page before.
    pub after: Option<Cursor>,
    /// The most traces on the page.
    pub limit: u16,
}

impl SearchQuery {
    /// The place after which the page begins.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.after.as_ref().and_then(|after| after.position)
    }
}

/// Which traces are visible to a search.
#[derive(Clone, Copy, Debug)]
pub struct Visibility {
    /// The content versions, by the search and by the rules of the game.
    pub versions: Versions,
    /// The time, in milliseconds since the epoch: traces that have expired by then are not visible.
    pub now_ms: i64,
}

impl Visibility {
    /// Whether a trace is visible to members of `group`, or to players of no group.
    #[must_use]
    pub fn shows(&self, trace: &Trace, group: Option<&GroupKey>) -> bool {
        !trace.hidden
            && trace.group.as_ref() == group
            && self.versions.contains(trace.content_version)
            && !trace.is_expired(self.now_ms)
    }
}

/// Traces that have gone from the scopes of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Their ids.
    pub ids: Vec<i64>,
    /// The sequence number up to which changes were read.
    pub seq: i64,
    /// Whether there are more.
    pub more: bool,
}

/// A page of traces.
#[derive(Debug)]
pub struct SearchPage {
    /// The traces, in the order of the search.
    pub items: Vec<Trace>,
    /// Those that have gone from the scopes since the page before.
    pub gone: Vec<i64>,
    /// The end of the page.
    pub next: Cursor,
    /// Whether there are more traces, or more have gone.
    pub more: bool,
}

/// The square of the distance of two positions. The databases calculate it in the same order of operations, so that a
/// cursor compares equal to their results.
#[must_use]
pub fn squared_distance([x, y, z]: [f64; 3], [to_x, to_y, to_z]: [f64; 3]) -> f64 {
    let (x, y, z) = (x - to_x, y - to_y, z - to_z);
    x * x + y * y + z * z
}

/// Why a search failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SearchError {
    /// The body is not JSON.
    #[error("{0}")]
    Malformed(String),
    /// The request is well-formed and invalid.
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
    /// The player's own traces can't be read.
    #[error(transparent)]
    Authoring(#[from] AuthoringError),
}

impl From<StoreError> for SearchError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Unreadable> for SearchError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", error.to_string())]),
        }
    }
}

impl DomainError for SearchError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::TooOld => (Kind::Gone, "cursor_too_old"),
            Self::Traces(error) => error.kind(),
            Self::Authoring(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Authoring(error) => Some(error),
            _ => None,
        }
    }
}
