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

/// The longest name of a scope, in bytes.
pub const SCOPE_BYTES: usize = 64;

/// A place, as the game names it: at most 64 bytes, no control characters. Empty for the seed's clients, which name none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeKey(Arc<str>);

impl ScopeKey {
    /// A scope of that name; `pointer` says where it came from.
    ///
    /// # Errors
    /// The fault.
    pub fn parse(raw: &str, pointer: &str) -> Result<Self, Fault> {
        if raw.len() > SCOPE_BYTES {
            return Err(Fault::new(pointer, format!("is {} bytes long; at most {SCOPE_BYTES}", raw.len())));
        }
        if raw.chars().any(char::is_control) {
            return Err(Fault::new(pointer, "has a control character"));
        }
        // The one without a name is shared.
        Ok(if raw.is_empty() { Self::default() } else { Self(raw.into()) })
    }

    /// A scope that was parsed before.
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

/// A world's key: the studio's, and the world's within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct WorldKey {
    studio: StudioId,
    world: i32,
}

impl WorldKey {
    /// A world in a studio's own tables.
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

    /// Whose tables it is in.
    #[must_use]
    pub fn studio(self) -> StudioId {
        self.studio
    }

    /// The world, in the studio's own tables.
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

/// What became of a trace after it was left, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeReason {
    /// Its author has changed it.
    Changed,
    /// It is shown again.
    Restored,
    /// Its author has taken it back.
    Withdrawn,
    /// Its author has left so many that the oldest went.
    Evicted,
    /// A moderator, or the reports of players, have hidden it.
    Hidden,
    /// A moderator has removed it.
    Removed,
    /// There were too many in its scope.
    Trimmed,
    /// Its time was over.
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

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> i16 {
        Self::ALL.into_iter().zip(1..).find_map(|(reason, code)| (reason == self).then_some(code)).unwrap_or_default()
    }

    /// As it was stored.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// As it is written.
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

    /// Whether the trace is there to be seen after it.
    #[must_use]
    pub fn leaves_it(self) -> bool {
        matches!(self, Self::Changed | Self::Restored)
    }
}

/// Where a trace is: its id and its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLocation {
    /// The trace's id.
    pub id: i64,
    /// The scope it was left in.
    pub scope: ScopeKey,
}

/// What became of one bulk insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertOutcome {
    /// Stored now.
    Stored,
    /// Stored before, under the same idempotency key.
    AlreadyStored,
    /// The idempotency key stands for another request; nothing was stored.
    OtherRequest,
}

/// A change of a world, as listeners are told of it.
#[derive(Clone, Copy, Debug)]
pub struct WorldChange<'a> {
    /// The world.
    pub world: WorldKey,
    /// A revision that includes the change.
    pub revision: i64,
    /// The scopes it touches; any scope where this is `None`.
    pub scopes: Option<&'a BTreeSet<ScopeKey>>,
    /// Whether something that was there before has gone or is different, or may be.
    pub alters_existing: bool,
    /// Whether the database was rewound to an older state, say by restoring a backup: what was made from it is of another past.
    pub rewound: bool,
}

/// Why a world could not be written to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WorldError {
    /// The write queue is full, or the program is stopping.
    #[error("Too many writes are waiting, or the server is stopping. Try again.")]
    NotQueued(#[from] Refused),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// A bug: a job was queued and got no answer.
    #[error("{0}")]
    Broken(&'static str),
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
