//! Types and pure rules of traces, and the error that their features share.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    platform::{
        codec::deflate::InflateError,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::TraceKind,
    worlds::WorldError,
};

/// The longest author, in bytes.
pub const NAME_BYTES: usize = 64;

/// Coordinates beyond this are no positions (the same bound in every game's units).
pub const COORDINATE_LIMIT: f64 = 1e7;

/// Frames of a recording, at most.
pub const FRAMES_LIMIT: usize = 12_000;

/// Bytes of a recording as stored, at most.
pub const RECORDING_BYTES: usize = 256 * 1024;

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
#[derive(Clone, Debug, thiserror::Error)]
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
    /// The world could not be written to.
    #[error(transparent)]
    World(#[from] WorldError),
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
            Self::World(error) => error.kind(),
            Self::Late => (Kind::Unavailable, "too_slow"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) | Self::Corrupt(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
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
        for no in ["", "1,2", "1,2,3,4", "pos1", "nan,0,0", "inf,0,0", "10000001,0,0", "1,,3"] {
            assert_eq!(position_of(no), None, "{no}");
        }
    }
}
