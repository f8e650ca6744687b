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
    /// The content version that the reader understands, where the scope has newer traces.
    pub version: Option<i32>,
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
