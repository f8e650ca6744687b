//! Responses about recordings.

use std::borrow::Cow;

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
    #[oai(validator(minimum(value = "1")))]
    frames: i32,
    /// From the first frame to the last.
    duration_ms: i32,
    /// Size of the packed bytes.
    size_bytes: i32,
    /// SHA-256 of the packed bytes, in hexadecimal.
    #[oai(validator(min_length = 64, max_length = 64))]
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

/// What the 304 says of either form.
const NOT_MODIFIED: &str = "The recording is the one that had this ETag.";

impl ConditionalContent for RecordingColumns {
    const OK: &'static str = "The recording.";
    const NOT_MODIFIED: &'static str = NOT_MODIFIED;
}

/// The packed bytes of a recording.
#[derive(Debug)]
pub struct PackedBytes;

impl Type for PackedBytes {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "binary".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let example = Some("See docs/recording-format.md.".into());
        let schema = MetaSchema { example, ..MetaSchema::new_with_format("string", "binary") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ConditionalContent for PackedBytes {
    const OK: &'static str = "The recording, packed.";
    const NOT_MODIFIED: &'static str = NOT_MODIFIED;

    fn media_types() -> Vec<MetaMediaType> {
        vec![MetaMediaType { content_type: MEDIA_TYPE, schema: Self::schema_ref() }]
    }
}
