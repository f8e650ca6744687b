//! Types and rules of recordings, and the feature's error.

use std::{error::Error, fmt, sync::Arc};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::format::{
    Limits, Precision, Recording,
    columns::RawColumns,
    json_columns::{self, ColumnsError},
    packed::{self, UnpackError},
};
use crate::{
    platform::{
        byte_budget::Exhausted,
        codec::{deflate::Compressor, fields::Unreadable, hex},
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::{gate::Refused, stored_size::recording_bytes},
};

/// The codec number of this format, stored beside the bytes of each recording. Never reused.
pub const CODEC: i16 = 5;

/// The media type of a packed recording.
pub const MEDIA_TYPE: &str = "application/vnd.cairn.recording";

/// A recording's id: a UUID of version 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordingId(Uuid);

impl RecordingId {
    /// A new id.
    #[must_use]
    pub fn mint() -> Self {
        Self(Uuid::now_v7())
    }

    /// The id with that text, if it is a UUID.
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

/// A recording as a client sent it.
#[derive(Debug)]
pub enum RecordingPayload {
    /// Columns, as JSON.
    Columns(Bytes),
    /// Packed.
    Packed(Bytes),
}

/// A checked and packed recording, with its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedRecording {
    /// The packed bytes.
    pub bytes: Vec<u8>,
    /// Number of frames.
    pub frames: i32,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The game's compatibility number.
    pub content_version: i32,
    /// Whether the run was finished.
    pub complete: bool,
    /// How the player looks, in the game's own words; may be empty.
    pub look: String,
}

impl PackedRecording {
    /// The bytes that it occupies as an upload.
    #[must_use]
    pub fn stored_bytes(&self) -> i64 {
        // A row of an upload is 250 bytes longer than that of a trace's recording.
        250 + recording_bytes(self.bytes.len() + self.look.len() + 250)
    }

    /// Reads, checks and packs a client's recording.
    ///
    /// # Errors
    /// It is not readable, invalid or too large.
    pub fn read(
        payload: &RecordingPayload,
        limits: &Limits,
        compressor: &mut Compressor,
    ) -> Result<Self, RecordingError> {
        let recording = match payload {
            RecordingPayload::Columns(body) => {
                let raw = json_columns::read(body)?;
                raw.quantise(limits, Precision::default()).map_err(RecordingError::Invalid)?
            }
            RecordingPayload::Packed(bytes) => packed::unpack(bytes, limits).map_err(RecordingError::Unpack)?,
        };
        Self::pack(&recording, limits, compressor)
    }

    fn pack(recording: &Recording, limits: &Limits, compressor: &mut Compressor) -> Result<Self, RecordingError> {
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

    /// Length of the packed bytes.
    #[must_use]
    pub fn size_bytes(&self) -> i32 {
        i32::try_from(self.bytes.len()).unwrap_or(i32::MAX)
    }
}

/// A packed recording that is stored together with its trace, and its new id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingRecording {
    /// Its id.
    pub id: RecordingId,
    /// What is stored.
    pub packed: PackedRecording,
}

impl IncomingRecording {
    /// Packs columns (a JSON object). `None` if all columns are empty: some engines send that for an absent recording.
    ///
    /// # Errors
    /// The columns are invalid or too large; pointers are relative to the object.
    pub fn of_columns(
        body: &[u8],
        limits: &Limits,
        compressor: &mut Compressor,
    ) -> Result<Option<Self>, RecordingError> {
        let raw = json_columns::read(body)?;
        if raw == RawColumns::default() {
            return Ok(None);
        }
        let recording = raw.quantise(limits, Precision::default()).map_err(RecordingError::Invalid)?;
        Ok(Some(Self { id: RecordingId::mint(), packed: PackedRecording::pack(&recording, limits, compressor)? }))
    }

    /// Packs columns (a JSON object) from an export. The limits are those of stored recordings, not of a game.
    ///
    /// # Errors
    /// As for [`IncomingRecording::of_columns`].
    pub fn import_columns(body: &[u8], compressor: &mut Compressor) -> Result<Option<Self>, RecordingError> {
        Self::of_columns(body, &stored_limits(), compressor)
    }

    /// Unpacks and repacks a packed recording from an export. Bytes that this program packed stay the same.
    ///
    /// # Errors
    /// The bytes are no packed recording.
    pub fn import_packed(bytes: &[u8], compressor: &mut Compressor) -> Result<Self, RecordingError> {
        let limits = stored_limits();
        let recording = packed::unpack(bytes, &limits).map_err(RecordingError::Unpack)?;
        Ok(Self { id: RecordingId::mint(), packed: PackedRecording::pack(&recording, &limits, compressor)? })
    }

    /// SHA-256 of the packed bytes, equal for equal recordings.
    #[must_use]
    pub fn sha256(&self) -> &[u8; 32] {
        &self.packed.sha256
    }

    /// Length of the packed bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.packed.bytes.len()
    }
}

/// The metadata of a recording that a player has uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadedRecording {
    /// Its id.
    pub id: RecordingId,
    /// Number of frames.
    pub frames: i32,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// Length of the packed bytes.
    pub size_bytes: i32,
    /// SHA-256 of the packed bytes.
    pub sha256: [u8; 32],
}

/// A recording as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecording {
    /// The packed bytes.
    pub bytes: Bytes,
    /// SHA-256 of the packed bytes.
    pub sha256: [u8; 32],
}

impl StoredRecording {
    /// The SHA-256 in hexadecimal, for use in an ETag.
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

/// Ten times the default limits, for recordings that are stored already: a game may have lowered its limits since.
fn stored_limits() -> Limits {
    let Limits { frames, events, bytes } = Limits::default();
    Limits { frames: frames * 10, events: events * 10, bytes: bytes * 10 }
}

/// The frames of a packed recording as v0 clients read them, as compact JSON: `[["x,y,z","x,y,z,w"],..]`. `None` if the bytes
/// are damaged.
#[must_use]
pub fn v0_frames(bytes: &[u8]) -> Option<Bytes> {
    let columns = packed::unpack(bytes, &stored_limits()).ok()?.columns();
    let identity = [0.0, 0.0, 0.0, 1.0];
    let mut rotations = columns.rot.as_chunks::<4>().0.iter();
    let texts = columns.pos.as_chunks::<3>().0.iter().map(|[x, y, z]| {
        // Rust prints the shortest decimals that read back as the same number, without exponents.
        let [qx, qy, qz, qw] = rotations.next().unwrap_or(&identity);
        [format!("{x},{y},{z}"), format!("{qx},{qy},{qz},{qw}")]
    });
    // Serialising texts can't fail.
    Some(serde_json::to_vec(&texts.collect::<Vec<_>>()).unwrap_or_default().into())
}

/// Why a request about recordings failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RecordingError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(Arc<Unreadable>),
    /// The request is invalid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The body is no packed recording.
    #[error("The body {0}.")]
    Unpack(UnpackError),
    /// The packed recording is larger than the limit.
    #[error("The recording takes {bytes} bytes when packed; at most {most}.")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// The world has no recording of that id.
    #[error("There is no such recording: it never existed, was deleted with its trace, or has expired.")]
    NotFound,
    /// The gate lets the player upload nothing.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The world or its studio may not store more.
    #[error("This world, or its studio, stores as much as it may on this server.")]
    NoRoom,
    /// The idempotency key was used with another recording.
    #[error("This Idempotency-Key was used with another recording.")]
    KeyReused,
    /// Too much was stored lately.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A stored recording can't be unpacked.
    #[error("a stored recording {0}")]
    Damaged(UnpackError),
    /// A blocking task panicked, or the pool of compressors is closed.
    #[error(transparent)]
    Internal(Arc<dyn Error + Send + Sync>),
}

impl From<ColumnsError> for RecordingError {
    fn from(error: ColumnsError) -> Self {
        match error {
            ColumnsError::Unreadable(cause) => Self::Unreadable(Arc::new(cause)),
            ColumnsError::Invalid(faults) => Self::Invalid(faults),
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
            Self::Unreadable(cause) => match **cause {
                Unreadable::Malformed(_) => (Kind::Malformed, "malformed"),
                Unreadable::NoObject => (Kind::Invalid, "invalid"),
            },
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Refused(refused) => refused.kind(),
            Self::Unpack(UnpackError::UnknownFormat | UnpackError::Damaged) => {
                (Kind::Malformed, "recording_unreadable")
            }
            Self::Unpack(UnpackError::TooLong(_)) => (Kind::Invalid, "recording_too_long"),
            Self::TooLarge { .. } => (Kind::TooLarge, "recording_too_large"),
            Self::NotFound => (Kind::NotFound, "recording_not_found"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::NoRoom => (Kind::Conflict, "quota_full"),
            Self::Exhausted(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
            Self::Damaged(_) | Self::Internal(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Exhausted(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
