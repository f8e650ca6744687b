//! Types and pure rules of traces, and the error that their features share.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    platform::{
        byte_budget::Exhausted,
        codec::deflate::InflateError,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::{TraceKind, gate::Refused},
    worlds::WorldError,
};

/// The longest name of an author, in bytes.
pub const NAME_BYTES: usize = 64;

/// The largest absolute coordinate, in the game's own units.
pub const COORDINATE_LIMIT: f64 = 1e7;

/// The most frames of a recording.
pub const FRAMES_LIMIT: usize = 12_000;

/// The largest packed recording, in bytes.
pub const RECORDING_BYTES: usize = 256 * 1024;

/// A trace that is to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrace {
    /// Its kind.
    pub kind: TraceKind,
    /// The author: the `u_uuid` that a v0 client sent, or an imported author.
    pub author: String,
    /// Its position, if the client's text could be read as three numbers.
    pub position: Option<[f64; 3]>,
    /// The members that its kind adds, as the text of a JSON object.
    pub body: String,
    /// The frames of a phantom.
    pub recording: Option<Packed>,
}

/// A packed v0 recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The tag of the codec that reads it.
    pub codec: i16,
    /// The number of frames.
    pub frames: i32,
    /// The packed frames.
    pub bytes: Bytes,
}

/// Parses the text `x,y,z` as a position: three finite numbers within [`COORDINATE_LIMIT`]; `None` for anything else.
#[must_use]
pub fn position_of(text: &str) -> Option<[f64; 3]> {
    let mut position = [0.0; 3];
    let mut parts = text.split(',');
    for coordinate in &mut position {
        *coordinate = parts.next()?.trim().parse().ok()?;
        // NaN is in no range.
        if !(-COORDINATE_LIMIT..=COORDINATE_LIMIT).contains(coordinate) {
            return None;
        }
    }
    parts.next().is_none().then_some(position)
}

/// A rotation as it is stored. Four zeros are what engines write for a quaternion that was never set; they stand for the
/// identity.
#[must_use]
pub fn rotation_of(quaternion: [f64; 4]) -> [f64; 4] {
    if quaternion.iter().all(|part| *part == 0.0) { [0.0, 0.0, 0.0, 1.0] } else { quaternion }
}

/// Why traces could not be written or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TraceError {
    /// The body can't be parsed.
    #[error("{0}")]
    Malformed(String),
    /// The body has invalid values.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The request has no key, and the open world is off.
    #[error("This world needs a key: the open world is off here.")]
    KeyNeeded,
    /// The gate lets nobody write this.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The idempotency key was used with another body.
    #[error("This Idempotency-Key was used with another body.")]
    KeyReused,
    /// The world or its studio may not store more.
    #[error("This world, or its studio, stores as much as it may on this server, and nothing gives way to this.")]
    NoRoom,
    /// Too much was stored lately.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// Writing to the world failed.
    #[error(transparent)]
    World(#[from] WorldError),
    /// Making the snapshot takes too long.
    #[error("Reading took too long. Try again.")]
    Late,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// A bug: a task panicked, a pool is closed, or stored data is not valid.
    #[error("{0}")]
    Broken(Arc<dyn std::error::Error + Send + Sync>),
    /// A stored recording can't be unpacked.
    #[error("a stored recording is corrupt")]
    Corrupt(#[from] InflateError),
}

impl From<StoreError> for TraceError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl TraceError {
    /// Something that can't fail has failed.
    #[must_use]
    pub fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(Arc::from(error.into()))
    }
}

impl DomainError for TraceError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::KeyNeeded => (Kind::Unauthenticated, "key_needed"),
            Self::Refused(refused) => refused.kind(),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::NoRoom => (Kind::Conflict, "quota_full"),
            Self::Exhausted(error) => error.kind(),
            Self::World(error) => error.kind(),
            Self::Late => (Kind::Unavailable, "too_slow"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) | Self::Corrupt(_) => (Kind::Internal, "internal"),
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
        if let Self::Exhausted(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::World(error) => error.store_error(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_three_finite_numbers_within_bounds() {
        assert_eq!(position_of("10.5,20.0,30.2"), Some([10.5, 20.0, 30.2]));
        assert_eq!(position_of(" -1e-06 , 2,1E7"), Some([-1e-6, 2.0, 1e7]));
        for invalid in ["", "1,2", "1,2,3,4", "pos1", "nan,0,0", "inf,0,0", "10000001,0,0", "1,,3"] {
            assert_eq!(position_of(invalid), None, "{invalid}");
        }
    }
}
