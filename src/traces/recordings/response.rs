//! Responses about recordings.

use poem_openapi::{
    Object,
    registry::{MetaMediaType, MetaSchema, MetaSchemaRef},
    types::{Example, Type},
};

use super::{
    model::{MEDIA_TYPE, UploadedRecording},
    request::RecordingColumns,
};
use crate::{http::conditional::ConditionalContent, platform::codec::hex};

/// The id of the recording in examples.
pub const EXAMPLE_ID: &str = "01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f";

/// A recording that was uploaded.
#[derive(Debug, Object)]
#[oai(example, rename = "UploadedRecording")]
pub struct UploadResponse {
    /// The id with which a trace takes it.
    recording_id: String,
    /// Number of frames.
    frames: i32,
    /// From the first frame to the last.
    duration_ms: i32,
    /// Size of the packed bytes.
    size_bytes: i32,
    /// SHA-256 of the packed bytes, in hexadecimal.
    sha256: String,
}

impl From<UploadedRecording> for UploadResponse {
    fn from(uploaded: UploadedRecording) -> Self {
        Self {
            recording_id: uploaded.id.to_string(),
            frames: uploaded.frames,
            duration_ms: uploaded.duration_ms,
            size_bytes: uploaded.size_bytes,
            sha256: hex::of_bytes(&uploaded.sha256),
        }
    }
}

impl Example for UploadResponse {
    fn example() -> Self {
        Self {
            recording_id: EXAMPLE_ID.to_owned(),
            frames: 3,
            duration_ms: 100,
            size_bytes: 92,
            sha256: "7a7031ab13abaf0b8326e4eb8fce571fc0c0ecd61021f1f9d0bebfd852784949".to_owned(),
        }
    }
}

impl ConditionalContent for RecordingColumns {
    const OK: &'static str = "The recording.";
    const NOT_MODIFIED: &'static str = "The recording is the one that had this ETag.";

    fn media_types() -> Vec<MetaMediaType> {
        let example = Some("See docs/recording-format.md.".into());
        let bytes = MetaSchema { format: Some("binary"), example, ..MetaSchema::new("string") };
        let columns = MetaMediaType { content_type: "application/json", schema: Self::schema_ref() };
        let packed = MetaMediaType { content_type: MEDIA_TYPE, schema: MetaSchemaRef::Inline(Box::new(bytes)) };
        vec![columns, packed]
    }
}
