//! Types of worlds, and the engine's error.

use std::{collections::BTreeSet, fmt, sync::Arc};

use crate::{
    identity::access::{Grant, Player},
    platform::{
        db::StudioId,
        error::{DomainError, Fault, Kind, StoreError},
        writer::Refused,
    },
};

/// A place, as the game names it: at most 64 bytes, no control characters. Empty where a v0 client names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeKey(Arc<str>);

impl ScopeKey {
    /// The longest name of a scope, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Parses the name of a scope. `pointer` is the place of the name in the request.
    ///
    /// # Errors
    /// The name is too long, or has a control character.
    pub fn parse(raw: &str, pointer: &str) -> Result<Self, Fault> {
        if raw.len() > Self::MAX_BYTES {
            return Err(Fault::new(pointer, format!("is {} bytes long; at most {}", raw.len(), Self::MAX_BYTES)));
        }
        if raw.chars().any(char::is_control) {
            return Err(Fault::new(pointer, "has a control character"));
        }
        // An empty name needs no allocation.
        Ok(if raw.is_empty() { Self::default() } else { Self(raw.into()) })
    }

    /// A scope from its stored name.
    #[must_use]
    pub fn stored(raw: &str) -> Self {
        Self(raw.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of a world: its studio, and its number in the studio's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct WorldKey {
    studio: StudioId,
    world: i32,
}

impl WorldKey {
    /// The key of a world in a studio's tables.
    #[must_use]
    pub fn new(studio: StudioId, world: i32) -> Self {
        Self { studio, world }
    }

    /// The world that a key opens.
    #[must_use]
    pub fn of(grant: &Grant) -> Self {
        Self { studio: grant.studio, world: grant.world }
    }

    /// The world that a player is in.
    #[must_use]
    pub fn of_player(player: &Player) -> Self {
        Self { studio: player.studio, world: player.world }
    }

    /// The studio in whose tables it is.
    #[must_use]
    pub fn studio(self) -> StudioId {
        self.studio
    }

    /// The world's number in the studio's tables.
    #[must_use]
    pub fn world(self) -> i32 {
        self.world
    }
}

impl fmt::Display for WorldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.studio, self.world)
    }
}

/// A revision of a world, as its row has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The world's sequence.
    pub seq: i64,
    /// A random number of the transaction that has raised the sequence to this. Two copies of a database that have gone different
    /// ways have different ones under the same sequence.
    pub stamp: i64,
}

impl Revision {
    /// A random stamp, for a transaction that raises a world's sequence.
    #[must_use]
    pub fn new_stamp() -> i64 {
        fastrand::i64(..)
    }
}

/// Why a trace was changed or removed after it was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeReason {
    /// Its author has changed it.
    Changed,
    /// It is visible again.
    Restored,
    /// Its author has withdrawn it.
    Withdrawn,
    /// Its author has left more traces than they may, so the oldest was removed.
    Evicted,
    /// A moderator, or the number of reports, has hidden it.
    Hidden,
    /// A moderator has removed it.
    Removed,
    /// Its scope had too many traces, so the oldest was removed.
    Trimmed,
    /// It has expired.
    Expired,
}

impl ChangeReason {
    /// All of them, in the order of their codes, from 1.
    pub const ALL: [Self; 8] = [
        Self::Changed,
        Self::Restored,
        Self::Withdrawn,
        Self::Evicted,
        Self::Hidden,
        Self::Removed,
        Self::Trimmed,
        Self::Expired,
    ];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> i16 {
        Self::ALL.into_iter().zip(1..).find_map(|(reason, code)| (reason == self).then_some(code)).unwrap_or_default()
    }

    /// The reason with a stored code; `None` for codes of newer versions.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The name in responses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Restored => "restored",
            Self::Withdrawn => "withdrawn",
            Self::Evicted => "evicted",
            Self::Hidden => "hidden",
            Self::Removed => "removed",
            Self::Trimmed => "trimmed",
            Self::Expired => "expired",
        }
    }

    /// Whether the trace is visible afterwards.
    #[must_use]
    pub fn keeps_visible(self) -> bool {
        matches!(self, Self::Changed | Self::Restored)
    }
}

/// A trace's id and scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLocation {
    /// The trace's id.
    pub id: i64,
    /// The scope it was left in.
    pub scope: ScopeKey,
}

/// The outcome of one request of a bulk insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertOutcome {
    /// Stored now.
    Stored,
    /// Stored before, under the same idempotency key.
    AlreadyStored,
    /// The idempotency key was used for another request; nothing was stored.
    OtherRequest,
    /// An author of it may not write here; nothing was stored.
    Refused,
    /// The world or its studio may not store as much as the batch needs; nothing of the batch was stored.
    NoRoom,
}

/// What a batch has changed that no view shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SilentChanges {
    /// The scopes in which it has changed something.
    pub scopes: BTreeSet<ScopeKey>,
    /// The players whose inbox has news.
    pub inboxes: BTreeSet<String>,
}

/// A change of a world, as listeners get it.
#[derive(Clone, Copy, Debug)]
pub struct WorldChange<'a> {
    /// The world.
    pub world: WorldKey,
    /// A revision that includes the change.
    pub revision: i64,
    /// The scopes it touches; any scope where this is `None`.
    pub scopes: Option<&'a BTreeSet<ScopeKey>>,
    /// What no view shows of it; anything where this is `None`.
    pub silent: Option<&'a SilentChanges>,
    /// Whether something that existed before was, or may have been, removed or changed.
    pub alters_existing: bool,
    /// Whether what was made from the world before is invalid: the database was rewound, for example to a backup, or announcements
    /// were not its own.
    pub rewound: bool,
}

/// Why a write to a world failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WorldError {
    /// The write queue is full, or the program is stopping.
    #[error("Too many writes are waiting, or the server is stopping. Try again.")]
    NotQueued(Refused),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// A bug: a queued job has no outcome.
    #[error("{0}")]
    Broken(&'static str),
}

impl From<Refused> for WorldError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Late => StoreError::Unavailable(refused.to_string()).into(),
            Refused::Full | Refused::Stopping => Self::NotQueued(refused),
        }
    }
}

impl From<StoreError> for WorldError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for WorldError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::NotQueued(_) => (Kind::Busy, "write_queue_full"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) => (Kind::Internal, "internal"),
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_short_and_plain() {
        assert_eq!(ScopeKey::parse("Ash Lake/é", "?scope").unwrap().as_str(), "Ash Lake/é");
        assert!(ScopeKey::parse(&"é".repeat(32), "?scope").is_ok());
        assert!(ScopeKey::parse(&"é".repeat(33), "?scope").is_err());
        assert!(ScopeKey::parse("a\nb", "?scope").is_err());
    }
}
