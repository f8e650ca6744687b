//! Types and pure rules of traces, and the feature's error.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{group::GroupKey, shown::Detail};
pub use crate::traces::rules::TraceKind;
use crate::{
    identity::access::model::{Grant, Player},
    platform::{
        codec::deflate::InflateError,
        db::StudioId,
        error::{DomainError, Fault, Kind, StoreError},
        writer::Refused,
    },
    traces::recordings::Brought,
};

/// Bytes of an author or a scope, at most.
pub const NAME_BYTES: usize = 64;

/// Coordinates beyond this are no positions (the same bound in every game's units).
pub const COORDINATE_LIMIT: f64 = 1e7;

/// Frames of a recording, at most.
pub const FRAMES_LIMIT: usize = 12_000;

/// Bytes of a recording as stored, at most.
pub const RECORDING_BYTES: usize = 256 * 1024;

/// A place, as the game names it: at most 64 bytes, no control characters. Empty for the seed's clients, which name none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeKey(Arc<str>);

impl ScopeKey {
    /// A scope of that name; `pointer` says where it came from.
    ///
    /// # Errors
    /// The fault.
    pub fn parse(raw: &str, pointer: &str) -> Result<Self, Fault> {
        if raw.len() > NAME_BYTES {
            return Err(Fault::new(pointer, format!("is {} bytes long; at most {NAME_BYTES}", raw.len())));
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
pub enum Reason {
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

impl Reason {
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

/// A trace on its way in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrace {
    /// What it is.
    pub kind: TraceKind,
    /// Who leaves it.
    pub author: String,
    /// Where, if that could be read as three numbers.
    pub position: Option<[f64; 3]>,
    /// What the kind adds, as the text of a JSON object.
    pub body: String,
    /// A phantom's frames.
    pub recording: Option<Packed>,
}

/// A trace that comes from another store, or goes to one.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferredTrace {
    /// Where.
    pub scope: ScopeKey,
    /// What.
    pub trace: NewTrace,
    /// How it is turned: a quaternion.
    pub rotation: Option<[f64; 4]>,
    /// Votes for it.
    pub good: i32,
    /// Whether it is history.
    pub legacy: bool,
    /// What it is called where it comes from.
    pub source_id: Option<String>,
    /// When it was left.
    pub created_at_ms: i64,
    /// When it goes by itself.
    pub expires_at_ms: Option<i64>,
    /// Whether nobody is shown it.
    pub hidden: bool,
    /// The group that alone sees it.
    pub group: Option<GroupKey>,
    /// With which content of the game it fits.
    pub content_version: i32,
    /// How well it was run.
    pub rank_value: Option<f64>,
    /// What only `/v1` says of it: then its body follows from that.
    pub said: Option<V1Fields>,
}

/// What only `/v1` says of a trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct V1Fields {
    /// What is said of it, but for its recording.
    pub detail: Detail,
    /// Whether its author is a player that was minted.
    pub minted: bool,
    /// Its recording.
    pub recording: Option<Brought>,
}

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines that are done.
    pub lines: u64,
    /// SHA-256 of those lines, in hexadecimal.
    pub digest: String,
}

/// A recording as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Which codec reads it.
    pub codec: i16,
    /// Number of frames.
    pub frames: i32,
    /// The packed frames.
    pub bytes: Bytes,
}

/// An `Idempotency-Key` with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Who sent it: the id of the key; empty in the open world.
    pub caller: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
}

/// Traces to be stored together or not at all.
#[derive(Clone, Debug)]
pub struct NewTraces {
    /// Into which world.
    pub world: WorldKey,
    /// Where.
    pub scope: ScopeKey,
    /// What.
    pub traces: Vec<NewTrace>,
    /// So that it is stored once.
    pub idempotency: Option<Idempotency>,
}

impl NewTraces {
    /// What it holds in memory, about.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let recorded = |trace: &NewTrace| trace.recording.as_ref().map_or(0, |packed| packed.bytes.len());
        self.traces.iter().map(|trace| trace.body.len() + recorded(trace) + 256).sum()
    }
}

/// What became of a [`NewTraces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertOutcome {
    /// Stored now.
    Stored,
    /// Stored before, under the same key.
    AlreadyStored,
    /// The key stands for another body; nothing was stored.
    OtherRequest,
}

/// The text `x,y,z` as a position: three finite numbers within bounds, and nothing else.
#[must_use]
pub fn position_of(text: &str) -> Option<[f64; 3]> {
    let mut position = [0.0; 3];
    let mut parts = text.split(',');
    for coordinate in &mut position {
        *coordinate = parts.next()?.trim().parse().ok()?;
        // Not a number is in no range.
        if !(-COORDINATE_LIMIT..=COORDINATE_LIMIT).contains(coordinate) {
            return None;
        }
    }
    parts.next().is_none().then_some(position)
}

/// Why traces could not be left or shown.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The body can't be read at all.
    #[error("{0}")]
    Malformed(String),
    /// The body is well-formed and wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The open world is off.
    #[error("This world needs a key: the open world is off here.")]
    KeyNeeded,
    /// The idempotency key stands for another body.
    #[error("This Idempotency-Key was used with another body.")]
    KeyReused,
    /// No room in the queue, or no longer open.
    #[error("Too many writes are waiting, or the server is stopping. Try again.")]
    NotTaken(#[from] Refused),
    /// The snapshot takes too long to make.
    #[error("Reading took too long. Try again.")]
    Late,
    /// The database.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// Something that can't fail has failed: a task panicked, or a pool is closed.
    #[error("{0}")]
    Broken(String),
    /// A stored recording can't be unpacked.
    #[error("a stored recording is corrupt")]
    Corrupt(#[from] InflateError),
}

impl From<StoreError> for TraceError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for TraceError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::KeyNeeded => (Kind::Unauthenticated, "key_needed"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::NotTaken(_) => (Kind::Busy, "write_queue_full"),
            Self::Late => (Kind::Unavailable, "too_slow"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) | Self::Corrupt(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_three_finite_numbers_within_bounds() {
        assert_eq!(position_of("10.5,20.0,30.2"), Some([10.5, 20.0, 30.2]));
        assert_eq!(position_of(" -1e-06 , 2,1E7"), Some([-1e-6, 2.0, 1e7]));
        for no in ["", "1,2", "1,2,3,4", "pos1", "nan,0,0", "inf,0,0", "10000001,0,0", "1,,3"] {
            assert_eq!(position_of(no), None, "{no}");
        }
    }

    #[test]
    fn a_scope_is_short_and_plain() {
        assert_eq!(ScopeKey::parse("Ash Lake/é", "?scope").unwrap().as_str(), "Ash Lake/é");
        assert!(ScopeKey::parse(&"é".repeat(32), "?scope").is_ok());
        assert!(ScopeKey::parse(&"é".repeat(33), "?scope").is_err());
        assert!(ScopeKey::parse("a\nb", "?scope").is_err());
    }
}
