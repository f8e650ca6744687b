//! Types and pure rules of recordings, and the feature's error.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::format::{
    Limits, Precision, Recording,
    columns::Draft,
    packed::{self, Unpackable},
    sent::{self, Unread},
};
use crate::platform::{
    codec::{deflate::Compressor, fields::Unreadable, hex},
    error::{DomainError, Fault, Kind, StoreError},
};

/// Which codec packed a recording of this feature, among those of all recordings: stored beside the bytes, read for ever.
pub const CODEC: i16 = 5;

/// The media type of a packed recording.
pub const MEDIA_TYPE: &str = "application/vnd.cairn.recording";

/// A recording's id: a UUID of version 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordingId(Uuid);

impl RecordingId {
    /// A new one.
    #[must_use]
    pub fn mint() -> Self {
        Self(Uuid::now_v7())
    }

    /// By its text, if it is one.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A recording as somebody sent it.
#[derive(Debug)]
pub enum Sent {
    /// Columns, as JSON.
    Columns(Bytes),
    /// Packed.
    Packed(Bytes),
}

/// A recording that is ready to be kept, and what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Packed by us, whatever was sent.
    pub bytes: Vec<u8>,
    /// Number of frames.
    pub frames: i32,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The game's compatibility number.
    pub content_version: i32,
    /// Whether it came to its end.
    pub complete: bool,
    /// How whoever is seen in it looks; may be empty.
    pub look: String,
}

impl Ready {
    /// Reads, checks and packs what was sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(sent: &Sent, limits: &Limits, compressor: &mut Compressor) -> Result<Self, RecordingError> {
        let recording = match sent {
            Sent::Columns(body) => {
                let draft = sent::read(body)?;
                draft.quantise(limits, Precision::default()).map_err(RecordingError::Invalid)?
            }
            Sent::Packed(bytes) => packed::unpack(bytes, limits).map_err(RecordingError::Unpackable)?,
        };
        Self::packed(&recording, limits, compressor)
    }

    fn packed(recording: &Recording, limits: &Limits, compressor: &mut Compressor) -> Result<Self, RecordingError> {
        let bytes = packed::pack(recording, compressor);
        if bytes.len() > limits.bytes {
            return Err(RecordingError::TooLarge { bytes: bytes.len(), most: limits.bytes });
        }
        Ok(Self {
            frames: i32::try_from(recording.frames()).unwrap_or(i32::MAX),
            duration_ms: i32::try_from(recording.duration_ms()).unwrap_or(i32::MAX),
            sha256: Sha256::digest(&bytes).into(),
            content_version: i32::try_from(recording.content_version()).unwrap_or(i32::MAX),
            complete: recording.complete(),
            look: recording.look().to_owned(),
            bytes,
        })
    }
}

/// A recording that comes with its trace, packed and named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Its id.
    pub id: RecordingId,
    /// What is stored of it.
    pub ready: Ready,
}

impl Brought {
    /// Packs columns, a JSON object; nothing where all of them are empty, which is how some engines write what is absent.
    ///
    /// # Errors
    /// What is wrong with it; pointers begin at the object.
    pub fn of_columns(
        body: &[u8],
        limits: &Limits,
        compressor: &mut Compressor,
    ) -> Result<Option<Self>, RecordingError> {
        let draft = sent::read(body)?;
        if draft == Draft::default() {
            return Ok(None);
        }
        let recording = draft.quantise(limits, Precision::default()).map_err(RecordingError::Invalid)?;
        Ok(Some(Self { id: RecordingId::mint(), ready: Ready::packed(&recording, limits, compressor)? }))
    }

    /// Packs columns, a JSON object, that come from another store: as large as any game may allow.
    ///
    /// # Errors
    /// What is wrong with it; pointers begin at the object.
    pub fn of_other_columns(body: &[u8], compressor: &mut Compressor) -> Result<Option<Self>, RecordingError> {
        Self::of_columns(body, &stored_limits(), compressor)
    }

    /// A packed recording that comes from another store, packed anew: to the same bytes, where this program packed it.
    ///
    /// # Errors
    /// It is none.
    pub fn of_other_packed(bytes: &[u8], compressor: &mut Compressor) -> Result<Self, RecordingError> {
        let limits = stored_limits();
        let recording = packed::unpack(bytes, &limits).map_err(RecordingError::Unpackable)?;
        Ok(Self { id: RecordingId::mint(), ready: Ready::packed(&recording, &limits, compressor)? })
    }

    /// SHA-256 of the packed bytes: the same recording has the same.
    #[must_use]
    pub fn sha256(&self) -> &[u8; 32] {
        &self.ready.sha256
    }

    /// Bytes when packed.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.ready.bytes.len()
    }
}

/// What is told of a recording that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: RecordingId,
    /// Number of frames.
    pub frames: i32,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// Bytes.
    pub size_bytes: i32,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
}

/// A recording as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The packed recording.
    pub bytes: Bytes,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
}

impl Stored {
    /// Names these bytes: other bytes have another name.
    #[must_use]
    pub fn tag(&self) -> String {
        hex::of_bytes(&self.sha256)
    }

    /// The columns, as JSON.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn columns(&self) -> Result<Vec<u8>, RecordingError> {
        let recording = packed::unpack(&self.bytes, &stored_limits()).map_err(RecordingError::Damaged)?;
        // Serialising finite numbers can't fail.
        Ok(serde_json::to_vec(&recording.columns()).unwrap_or_default())
    }
}

/// What was within the limits of its day is shown, whatever they are now.
fn stored_limits() -> Limits {
    let Limits { frames, events, bytes } = Limits::default();
    Limits { frames: frames * 10, events: events * 10, bytes: bytes * 10 }
}

/// The frames of a packed recording as the seed's clients read them, as compact JSON: `[["x,y,z","x,y,z,w"],..]`. Nothing
/// where the bytes are damaged.
#[must_use]
pub fn v0_frames(bytes: &[u8]) -> Option<Bytes> {
    let columns = packed::unpack(bytes, &stored_limits()).ok()?.columns();
    let unturned = [0.0, 0.0, 0.0, 1.0];
    let mut turns = columns.rot.as_chunks::<4>().0.iter();
    let texts = columns.pos.as_chunks::<3>().0.iter().map(|[x, y, z]| {
        // Rust prints the shortest decimals that read back as the same number, without exponents.
        let [qx, qy, qz, qw] = turns.next().unwrap_or(&unturned);
        [format!("{x},{y},{z}"), format!("{qx},{qy},{qz},{qw}")]
    });
    // Serialising texts can't fail.
    Some(serde_json::to_vec(&texts.collect::<Vec<_>>()).unwrap_or_default().into())
}

/// Why something could not be done with recordings.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(Unreadable),
    /// Something in what was sent is wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The bytes that were sent are no recording.
    #[error("The body {0}.")]
    Unpackable(Unpackable),
    /// It would be larger than the limit.
    #[error("The recording takes {bytes} bytes when packed; at most {most}.")]
    TooLarge {
        /// So large.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// There is none of that id in this world.
    #[error("There is no such recording here: it never was, has gone with its trace, or was left lying for too long.")]
    NotFound,
    /// The idempotency key stands for another recording.
    #[error("This Idempotency-Key was used with another recording.")]
    KeyReused,
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A stored recording can't be read.
    #[error("a stored recording {0}")]
    Damaged(Unpackable),
    /// Something that can't fail has failed: a task panicked, or a pool is closed.
    #[error("{0}")]
    Broken(String),
}

impl From<Unread> for RecordingError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Unreadable(unreadable) => Self::Unreadable(unreadable),
            Unread::Faults(faults) => Self::Invalid(faults),
        }
    }
}

impl From<StoreError> for RecordingError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for RecordingError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Unpackable(Unpackable::Foreign | Unpackable::Damaged) => (Kind::Malformed, "recording_unreadable"),
            Self::Unpackable(Unpackable::TooLong(_)) => (Kind::Invalid, "recording_too_long"),
            Self::TooLarge { .. } => (Kind::TooLarge, "recording_too_large"),
            Self::NotFound => (Kind::NotFound, "recording_not_found"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Damaged(_) | Self::Broken(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
