//! Types of decks, and the feature's error.

use crate::{
    platform::error::{DomainError, Fault, Kind, StoreError},
    traces::{
        TraceKind,
        trace::{GroupKey, Trace, TraceError},
    },
    worlds::{ScopeKey, WorldKey},
};

/// The most scopes in one request.
pub const MAX_SCOPES: usize = 8;

/// Names the decks of a scope in the cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeckKey {
    /// The world.
    pub world: WorldKey,
    /// The scope.
    pub scope: ScopeKey,
    /// The group whose traces are shown.
    pub group: Option<GroupKey>,
    /// The content versions that the reader understands, where the scope has traces of others.
    pub versions: Option<Versions>,
}

/// A range of content versions, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions {
    /// The lowest.
    pub min: i32,
    /// The highest.
    pub max: i32,
}

impl Versions {
    /// No version. All readers who understand none of a scope's traces share its decks.
    pub const NONE: Self = Self { min: 0, max: -1 };
    /// All versions.
    pub const ALL: Self = Self { min: i32::MIN, max: i32::MAX };

    /// Whether a version is within the range.
    #[must_use]
    pub fn contains(&self, version: i32) -> bool {
        (self.min..=self.max).contains(&version)
    }
}

/// The names of a world, as in addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldName {
    /// The game.
    pub game: String,
    /// The environment: `live` or `dev`.
    pub environment: String,
}

/// What a deck says of its scope, besides the traces.
#[derive(Clone, Debug)]
pub struct DeckHead {
    /// The names of the world.
    pub name: WorldName,
    /// The scope.
    pub scope: String,
    /// How many decks the scope has.
    pub deck_count: usize,
    /// The revision of the world of which the decks are.
    pub revision: i64,
    /// Seconds for which the decks are kept at least.
    pub refresh_s: u16,
}

/// The candidates of one kind for the decks of a scope.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// The kind.
    pub kind: TraceKind,
    /// The traces, each once.
    pub traces: Vec<Trace>,
}

/// How many traces of a kind a scope has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// All of them.
    pub total: i64,
    /// Those that moderation has hidden.
    pub hidden: i64,
    /// Those that have expired and are about to be removed.
    pub expired: i64,
    /// Those below the lowest content version that the game shows.
    pub too_old: i64,
    /// Those to which none of these applies: they may be in a deck.
    pub eligible: i64,
    /// Eligible ones that were imported as part of the world's history.
    pub legacy: i64,
}

/// Why a deck or a trace can't be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeckError {
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such trace.
    #[error("There is no such trace.")]
    NotFound,
    /// The store of traces failed.
    #[error(transparent)]
    Traces(#[from] TraceError),
}

impl From<StoreError> for DeckError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Fault> for DeckError {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl DomainError for DeckError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "trace_not_found"),
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
