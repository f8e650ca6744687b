//! Types and rules of authoring, and its error.

mod own;
mod sizes;

pub use self::own::{OwnFilter, OwnItem, OwnList, OwnPage, TraceState};
use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::{
        TraceKind,
        gate::{Ban, Refused},
        recordings::{IncomingRecording, RecordingError, RecordingId},
        trace::{Detail, GroupKey, Sentence, Trace, TraceError},
    },
    worlds::{ChangeReason, ScopeKey, WorldError},
};

/// The most ids in one sync request.
pub const MAX_SYNC_IDS: usize = 500;

/// An item of a request to leave traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The client's `ref`.
    pub reference: Option<String>,
    /// The trace to leave, or the faults of the item.
    pub input: Result<TraceInput, Vec<Fault>>,
}

/// A valid trace that a player wants to leave.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceInput {
    /// Its place in the request.
    pub at: usize,
    /// Identifies the trace among those of its author: the client's `ref`, or one made of the `Idempotency-Key`.
    pub reference: Option<String>,
    /// SHA-256 of the content, to tell a repeated request from another trace under the same reference.
    pub digest: [u8; 32],
    /// Its kind.
    pub kind: TraceKind,
    /// The scope.
    pub scope: ScopeKey,
    /// The position.
    pub position: Option<[f64; 3]>,
    /// The rotation, a quaternion.
    pub rotation: Option<[f64; 4]>,
    /// Its type, words and data.
    pub detail: Detail,
    /// The content version of the game that it was made for.
    pub content_version: i32,
    /// How well a phantom was run; lower is better.
    pub rank_value: Option<f64>,
    /// When it was left, in milliseconds since the epoch, if that was before the request.
    pub left_at_ms: Option<i64>,
    /// Seconds after which it expires; the game's rules may say less.
    pub expires_in_s: Option<u32>,
    /// The group whose members alone see it.
    pub group_key: Option<GroupKey>,
    /// Its recording.
    pub recording: Option<RecordingInput>,
}

/// The recording of a trace that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingInput {
    /// One that was uploaded before and belongs to no trace yet.
    Uploaded(RecordingId),
    /// One that was sent with the trace.
    Inline(Box<IncomingRecording>),
}

/// The result of an [`Item`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemResult {
    /// The client's `ref`.
    pub reference: Option<String>,
    /// What became of it.
    pub outcome: LeaveOutcome,
}

/// What became of a [`TraceInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaveOutcome {
    /// It was stored.
    Left {
        /// Its id.
        id: i64,
        /// Traces of the same author that were evicted to make room.
        evicted: Vec<i64>,
    },
    /// It was stored before under the same reference.
    AlreadyLeft {
        /// Its id.
        id: i64,
        /// What has become of it.
        state: TraceState,
    },
    /// It was not stored.
    Refused(Refusal),
}

/// Why a trace was not left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The item is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not leave traces.
    #[error("This player is banned{0}.")]
    Banned(Ban),
    /// The gate lets nobody leave this.
    #[error(transparent)]
    Gate(#[from] Refused),
    /// The reference was used for another trace.
    #[error("This ref was used for another trace.")]
    RefReused,
    /// No uploaded recording of that id is available.
    #[error(
        "This recording_id names no available recording of the player: it is unknown, in use by another trace, or expired."
    )]
    NoRecording,
    /// Its content version is below this, the lowest that the game shows.
    #[error("Its content_version is below {0}, the lowest that this game still shows.")]
    TooOld(i32),
    /// The player has as many traces of that kind as the game allows.
    #[error("The player has {0} traces of this kind there, as many as this game allows.")]
    QuotaFull(u32),
    /// The world or its studio may not store more.
    #[error("This world, or its studio, stores as much as it may on this server, and nothing gives way to this.")]
    NoRoom,
}

impl Refusal {
    /// The faults of the item, where it is invalid.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Invalid(faults) => faults,
            Self::Gate(refused) => refused.faults(),
            _ => &[],
        }
    }

    /// The HTTP status that it would have alone.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::TooOld(_) | Self::Gate(Refused::Unlisted(_)) => 422,
            Self::RefReused | Self::QuotaFull(_) | Self::NoRoom | Self::NoRecording => 409,
            Self::Gate(_) | Self::Banned(_) => 403,
        }
    }

    /// The error code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Banned(_) => "banned",
            Self::Gate(refused) => refused.kind().1,
            Self::RefReused => "ref_reused",
            Self::NoRecording => "recording_not_waiting",
            Self::TooOld(_) => "content_version_too_old",
            Self::QuotaFull(_) | Self::NoRoom => "quota_full",
        }
    }
}

/// A change of a trace; absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceChange {
    /// The revision that the author has seen.
    pub revision: i32,
    /// The new texts.
    pub text: Option<Vec<String>>,
    /// The new sentence, or the parts of it that change.
    pub sentence: Sentence,
    /// The new data.
    pub data: Option<String>,
    /// The new position.
    pub position: Option<[f64; 3]>,
    /// The new rotation.
    pub rotation: Option<[f64; 4]>,
    /// The new type.
    pub sort: Option<String>,
}

impl TraceChange {
    /// The fault of a change that names a field which a trace of that kind does not have.
    #[must_use]
    pub fn unsupported_field(&self, kind: TraceKind) -> Option<Fault> {
        if kind == TraceKind::Message {
            return None;
        }
        let sentence = self.sentence.fields().into_iter().map(|(name, number)| (name, number.is_some()));
        let mut words = std::iter::once(("text", self.text.is_some())).chain(sentence);
        let (name, _) = words.find(|(_, is_set)| *is_set)?;
        Some(Fault::new(format!("/{name}"), format!("is there; a {} has none", kind.name())))
    }

    /// Applies the change and raises the revision; returns whether the trace says something else now.
    pub fn apply(&self, trace: &mut Trace) -> bool {
        let Self { text, sentence, data, position, rotation, sort, revision: _ } = self;
        let detail = &mut trace.detail;
        let words = detail.words();
        if let Some(text) = text {
            detail.text.clone_from(text);
        }
        detail.sentence = merge_sentence(*sentence, detail.sentence);
        let words_changed = detail.words() != words;
        if data.is_some() {
            detail.data.clone_from(data);
        }
        if sort.is_some() {
            detail.sort.clone_from(sort);
        }
        trace.position = position.or(trace.position);
        trace.rotation = rotation.or(trace.rotation);
        trace.revision += 1;
        words_changed
    }
}

/// The sentence of a message after a change. A `template` starts a new sentence: nothing of the old one stays but its
/// gesture. Without a `template` each part that is set replaces the old one.
#[must_use]
pub fn merge_sentence(new: Sentence, old: Sentence) -> Sentence {
    let keep = |old: Option<i32>| old.filter(|_| new.template.is_none());
    Sentence {
        template: new.template.or(old.template),
        word: new.word.or(keep(old.word)),
        conjunction: new.conjunction.or(keep(old.conjunction)),
        template2: new.template2.or(keep(old.template2)),
        word2: new.word2.or(keep(old.word2)),
        gesture: new.gesture.or(old.gesture),
    }
}

/// The result of a [`TraceChange`].
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeOutcome {
    /// It was made: the trace as it is now.
    Changed(Box<Trace>),
    /// The trace has another revision than the author has seen: the trace as it is.
    Conflict(Box<Trace>),
    /// The world or its studio may not store more: the trace as it is.
    NoRoom(Box<Trace>),
}

/// The traces that a client knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTraces {
    /// Their ids.
    pub ids: Vec<i64>,
    /// The group whose traces are among them.
    pub group: Option<GroupKey>,
}

/// The state of traces that a client knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Those that no longer exist for the player.
    pub gone: Vec<GoneTrace>,
    /// The others.
    pub present: Vec<TraceStatus>,
}

/// A trace that no longer exists for a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoneTrace {
    /// Its id.
    pub id: i64,
    /// Why it is gone, if the change log still has it.
    pub reason: Option<ChangeReason>,
}

/// The revision and the counters of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceStatus {
    /// Its id.
    pub id: i64,
    /// Its revision.
    pub revision: i32,
    /// Votes for it.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// How often players have marked it as useful.
    pub uses: i32,
}

/// Why a request of an author failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuthoringError {
    /// The body is not JSON.
    #[error("{0}")]
    Malformed(String),
    /// The request is well-formed and invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such trace.
    #[error("There is no such trace.")]
    NotFound,
    /// The trace is another player's.
    #[error("Only the author of a trace may do this.")]
    NotAuthor,
    /// The player is banned.
    #[error("This player is banned{0}.")]
    Banned(Ban),
    /// The gate lets nobody write this.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store of traces failed.
    #[error(transparent)]
    Traces(#[from] TraceError),
    /// Recordings can't be packed now.
    #[error(transparent)]
    Recordings(#[from] RecordingError),
}

impl From<StoreError> for AuthoringError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<WorldError> for AuthoringError {
    fn from(error: WorldError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Unreadable> for AuthoringError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", error.to_string())]),
        }
    }
}

impl From<Fault> for AuthoringError {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl DomainError for AuthoringError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "trace_not_found"),
            Self::NotAuthor => (Kind::Forbidden, "not_yours"),
            Self::Banned(_) => (Kind::Forbidden, "banned"),
            Self::Refused(refused) => refused.kind(),
            Self::Traces(error) => error.kind(),
            Self::Recordings(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        match self {
            Self::Invalid(faults) => faults,
            Self::Refused(refused) => refused.faults(),
            _ => &[],
        }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Recordings(error) => Some(error),
            _ => None,
        }
    }
}
