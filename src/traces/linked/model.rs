//! A user's traces in the games of a title, and the feature's error.

use std::sync::Arc;

use crate::{
    identity::{access::Environment, players::PlayerError},
    platform::{
        error::{DomainError, Fault, Kind, StoreError, with_causes},
        page::Page,
    },
    traces::trace::Trace,
};

/// Players of a user whose traces are looked at, of one title.
pub const MAX_PLAYERS: usize = 20;

/// Traces that can be paged through.
pub const MAX_SHOWN: usize = 1_000;

/// A trace of a user's player.
#[derive(Clone, Debug)]
pub struct LinkedTrace {
    /// The studio's name in addresses.
    pub studio: String,
    /// The game's name in addresses.
    pub game: String,
    /// Where in the game.
    pub environment: Environment,
    /// The trace.
    pub trace: Trace,
}

/// All traces of a user's players, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many there are.
    pub traces: u64,
    /// How often others have used them.
    pub met: u64,
    /// Votes for them.
    pub good: u64,
    /// Votes against them.
    pub poor: u64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.traces += other.traces;
        self.met += other.met;
        self.good += other.good;
        self.poor += other.poor;
    }
}

/// A page of a user's traces, those that were met most first.
#[derive(Clone, Debug)]
pub struct LinkedPage {
    /// The traces.
    pub page: Page<LinkedTrace>,
    /// All of them, counted.
    pub totals: Totals,
}

/// Why the traces could not be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LinkedError {
    /// Parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such title for this user.
    #[error("There is no such game.")]
    GameNotFound,
    /// The titles could not be read; the log says why.
    #[error("reading the games of a title failed")]
    Titles,
    /// Players.
    #[error(transparent)]
    Players(#[from] PlayerError),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl LinkedError {
    /// An error of the titles, which the log has.
    #[must_use]
    pub fn titles(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = with_causes(error), "reading the games of a title failed");
        Self::Titles
    }
}

impl From<StoreError> for LinkedError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for LinkedError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::Titles => (Kind::Unavailable, "database_away"),
            Self::Players(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Players(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
