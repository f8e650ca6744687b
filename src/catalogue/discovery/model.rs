//! Types of discovery.

use std::sync::Arc;

use crate::{
    catalogue::titles::{TitleCard, TitleError, TitleId, fold},
    platform::{
        error::{DomainError, Fault, Kind, StoreError},
        named::Named,
    },
};

/// Bytes of what is looked for, at most.
pub const QUERY_BYTES: usize = 100;

/// What somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    text: String,
    key: String,
}

impl Query {
    /// Looks for that.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, key) = (text.trim(), fold(text));
        if text.len() > QUERY_BYTES || key.len() > 2 * QUERY_BYTES || text.chars().any(char::is_control) {
            return Err(format!("must have at most {QUERY_BYTES} bytes, and no control characters"));
        }
        // What is shorter finds everything.
        if key.chars().filter(|char| char.is_alphanumeric()).count() < 2 {
            return Err("must have at least two letters or digits".to_owned());
        }
        Ok(Self { text: text.to_owned(), key })
    }

    /// As it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded form: whoever types that looks for the same.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// What is known of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Its number.
    pub id: i64,
    /// What was typed by whoever was the first.
    pub query: String,
    /// When it was asked for last.
    pub asked_ms: i64,
    /// When the provider has answered last; 0: never.
    pub done_ms: i64,
    /// The titles that it knew.
    pub titles: Vec<TitleId>,
    /// How many records wait for an administrator.
    pub unclear: i32,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchState {
    /// The provider has answered.
    Done,
    /// It is being asked.
    Searching,
    /// The requests of this month are used up.
    UsedUp,
}

impl Named for SearchState {
    const SET: &'static str = "DiscoveryState";
    const MEMBERS: &'static [Self] = &[Self::Done, Self::Searching, Self::UsedUp];

    fn public_name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Searching => "searching",
            Self::UsedUp => "used_up",
        }
    }
}

/// What a search has found, as it is shown.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// How far it has come.
    pub state: SearchState,
    /// The titles.
    pub cards: Vec<TitleCard>,
    /// How many records wait for an administrator.
    pub unclear: i32,
    /// When the provider has answered; 0: not yet.
    pub done_ms: i64,
}

/// Why nothing can be discovered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// There is no provider.
    #[error(
        "This server has no key for RAWG, where it could look for further games; those who run it can set one (rawg_key)."
    )]
    NoProvider,
    /// Parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The catalogue.
    #[error(transparent)]
    Title(#[from] TitleError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for DiscoveryError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for DiscoveryError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::NoProvider => (Kind::Unavailable, "rawg_key_missing"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Title(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Title(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
