//! Types and rules of leaving, and the feature's error.

use crate::{
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::{
        moderation::Refused,
        recordings::{Brought, RecordingError, RecordingId},
        rules::TraceKind,
        trace::{Detail, GroupKey, Sentence, TraceError, TraceResponse},
    },
    worlds::{ChangeReason, ScopeKey, WorldError},
};

/// TraceWorlds of one request, at most.
pub const BATCH: usize = 32;

/// Ids of one question after traces, at most.
pub const SYNC_IDS: usize = 500;

/// TraceWorlds of one page where nothing is said, and at most.
pub const PAGE: [usize; 2] = [100, 200];

/// A trace that a player wants to leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The client's own name for it.
    pub name: Option<String>,
    /// SHA-256 of what was sent.
    pub digest: [u8; 32],
    /// What it is.
    pub kind: TraceKind,
    /// Where.
    pub scope: ScopeKey,
    /// Where in it.
    pub position: Option<[f64; 3]>,
    /// How it is turned.
    pub rotation: Option<[f64; 4]>,
    /// What else is said of it.
    pub detail: Detail,
    /// With which content of the game it fits.
    pub content_version: i32,
    /// How well it was run.
    pub rank_value: Option<f64>,
    /// When it was left, if that was before now.
    pub left_at_ms: Option<i64>,
    /// Seconds after which it goes, if the game does not take it away earlier.
    pub expires_in_s: Option<u32>,
    /// The group that alone sees it.
    pub group_key: Option<GroupKey>,
    /// The recording that it takes along.
    pub recording: Option<RecordingInput>,
}

/// The recording that a trace takes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingInput {
    /// One that was sent before, and waits.
    Waiting(RecordingId),
    /// One that was sent with the trace.
    Brought(Box<Brought>),
}

/// What became of an [`Item`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It lies there now.
    Left {
        /// Its id.
        id: i64,
        /// The author's own that went for it.
        evicted: Vec<i64>,
    },
    /// It was left before, under the same name.
    Before(i64),
    /// It was not left.
    Refused(Refusal),
}

/// Why an [`Item`] was not left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something is wrong with it.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not.
    #[error(transparent)]
    Player(#[from] Refused),
    /// The same name stands for something else.
    #[error("This ref was used for another trace.")]
    RefReused,
    /// There is no such recording that waits.
    #[error("No recording of this player's waits under this recording_id: it is none, was taken, or waited too long.")]
    NoRecording,
    /// The game does not take that kind.
    #[error("This game takes no traces of this kind.")]
    KindDisabled,
    /// It fits with content that is gone.
    #[error("Its content_version is below {0}, the least that this game still shows.")]
    TooOld(i32),
    /// The player has as many as are allowed.
    #[error("The player has {0} of this kind there, as many as this game allows.")]
    QuotaFull(u32),
}

impl Refusal {
    /// The status that it would have alone.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::TooOld(_) => 422,
            Self::RefReused | Self::QuotaFull(_) | Self::NoRecording => 409,
            Self::KindDisabled | Self::Player(_) => 403,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Player(refused) => refused.kind().1,
            Self::RefReused => "ref_reused",
            Self::KindDisabled => "kind_disabled",
            Self::NoRecording => "recording_not_waiting",
            Self::TooOld(_) => "content_version_too_old",
            Self::QuotaFull(_) => "quota_full",
        }
    }
}

/// What a message says where its author says this of it. A `template` begins a new sentence: of the old one no word stays.
/// Without one each word that is there takes the place of the old one.
#[must_use]
pub fn said_anew(new: Sentence, old: Sentence) -> Sentence {
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

/// What is to become of a trace; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The revision that its author has seen.
    pub revision: i32,
    /// Other words.
    pub text: Option<Vec<String>>,
    /// Another sentence.
    pub sentence: Sentence,
    /// Other data.
    pub data: Option<String>,
    /// Another position.
    pub position: Option<[f64; 3]>,
    /// Turned otherwise.
    pub rotation: Option<[f64; 4]>,
    /// Another sort.
    pub sort: Option<String>,
}

/// What became of a [`Change`].
#[derive(Clone, Debug)]
pub enum Changed {
    /// The trace as it is now.
    Done(Box<TraceResponse>),
    /// It was changed by somebody else meanwhile: as it is now.
    Old(Box<TraceResponse>),
    /// There is no such trace.
    NotThere,
    /// It is another player's.
    NotYours,
    /// Its kind has no such field.
    Unfit(Fault),
}

/// Which of an author's traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// Those in these scopes; in all where there is none.
    pub scopes: Vec<ScopeKey>,
    /// Those of these kinds; of all where there is none.
    pub kinds: Vec<TraceKind>,
    /// Those of this content and newer.
    pub version_min: i32,
}

/// How traces stand that a client knows.
#[derive(Clone, Debug, Default)]
pub struct Synced {
    /// Those that are no more, with the reason where it is still known.
    pub gone: Vec<(i64, Option<ChangeReason>)>,
    /// Those that are there.
    pub there: Vec<Standing>,
}

/// How a trace stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: i64,
    /// Its revision.
    pub revision: i32,
    /// Votes for it.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// How often it was of use.
    pub uses: i32,
}

/// Why something could not be done with a trace.
#[derive(Debug, thiserror::Error)]
pub enum LeavingError {
    /// The body can't be read at all.
    #[error("{0}")]
    Malformed(String),
    /// The request is well-formed and wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such trace.
    #[error("There is no such trace.")]
    NotThere,
    /// It is another player's.
    #[error("Only its author may do this.")]
    NotYours,
    /// The store of traces.
    #[error(transparent)]
    Traces(#[from] TraceError),
    /// Recordings can't be packed now.
    #[error(transparent)]
    Recordings(#[from] RecordingError),
}

impl From<StoreError> for LeavingError {
    fn from(error: StoreError) -> Self {
        Self::Traces(error.into())
    }
}

impl From<Unreadable> for LeavingError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", error.to_string())]),
        }
    }
}

impl From<WorldError> for LeavingError {
    fn from(error: WorldError) -> Self {
        Self::Traces(error.into())
    }
}

impl DomainError for LeavingError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotThere => (Kind::NotFound, "trace_not_found"),
            Self::NotYours => (Kind::Forbidden, "not_yours"),
            Self::Traces(error) => error.kind(),
            Self::Recordings(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Recordings(error) => Some(error),
            _ => None,
        }
    }
}
