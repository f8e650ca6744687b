//! The routes of recordings.

use poem::Response;
use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{
    model::{MEDIA_TYPE, RecordingError, RecordingId, StoredRecording},
    request::{self, Format, PackedUpload, RecordingColumns},
    response::{EXAMPLE_ID, PackedBytes, UploadResponse},
    service::Recordings,
};
use crate::{
    http::{
        body::{JsonOr, MediaBytes},
        cacheable::{Immutable, accepts_gzip},
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, Forbidden, NotFound},
        header_lines::HeaderLines,
        idempotency_key::IdempotencyKey,
        no_store::NoStore,
        params::Params,
        payer::Paying,
    },
    identity::access::{
        Permission,
        request::{PlayerCaller, WorldReader},
    },
    traces::tags::Tag,
};

/// The routes of recordings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RecordingsApi {
    /// The service.
    pub recordings: Recordings,
}

#[OpenApi(prefix_path = "/v1/recordings", tag = "Tag::Recordings")]
impl RecordingsApi {
    /// Upload a recording
    ///
    /// A run of the player whose token is sent, in columns, for a trace that is left later and names the recording's id. The
    /// body may be gzipped. A recording that no trace takes is deleted after an hour; a player has at most 32 of them, and the
    /// oldest are deleted first. A request with the same `Idempotency-Key` and recording returns the same id until a trace takes
    /// the recording; one with another recording is refused.
    #[oai(path = "/", method = "post", operation_id = "uploadRecording")]
    async fn upload(
        &self,
        caller: PlayerCaller,
        key: IdempotencyKey<'_>,
        paying: Paying,
        mut body: JsonOr<RecordingColumns, PackedUpload>,
    ) -> Result<Uploaded, Failure<(Forbidden, Conflict)>> {
        let payload = request::take_payload(&mut body);
        let uploaded = self.recordings.upload(&caller.0, payload, key.unless_empty(), &paying.0).await?;
        Ok(Uploaded::Created(NoStore(UploadResponse::from(uploaded))))
    }

    /// Upload a packed recording
    ///
    /// Like `POST /v1/recordings`, in the packed form, as `docs/recording-format.md` describes it.
    #[oai(path = "/packed", method = "post", operation_id = "uploadPackedRecording")]
    async fn upload_packed(
        &self,
        caller: PlayerCaller,
        key: IdempotencyKey<'_>,
        paying: Paying,
        mut body: MediaBytes<PackedUpload>,
    ) -> Result<Uploaded, Failure<(Forbidden, Conflict)>> {
        let payload = request::take_packed(&mut body);
        let uploaded = self.recordings.upload(&caller.0, payload, key.unless_empty(), &paying.0).await?;
        Ok(Uploaded::Created(NoStore(UploadResponse::from(uploaded))))
    }

    /// Fetch a recording
    ///
    /// In columns. A recording never changes, so it can be cached for ever.
    #[oai(path = "/:recording_id", method = "get", operation_id = "getRecording")]
    async fn fetch(
        &self,
        reader: WorldReader,
        headers: IfNoneMatch<'_>,
        /// The recording's id.
        #[oai(example = "example_id")]
        recording_id: Path<String>,
        format: Params<Format>,
    ) -> Result<Conditional<RecordingColumns>, Failure<NotFound>> {
        Ok(self.answer(&reader, &headers.0, &recording_id.0, format.0).await?.into())
    }

    /// Fetch a packed recording
    ///
    /// As bytes, in the packed form, as `docs/recording-format.md` describes it. A recording never changes, so it can be cached
    /// for ever.
    #[oai(path = "/:recording_id/packed", method = "get", operation_id = "getPackedRecording")]
    async fn fetch_packed(
        &self,
        reader: WorldReader,
        headers: IfNoneMatch<'_>,
        /// The recording's id.
        #[oai(example = "example_id")]
        recording_id: Path<String>,
    ) -> Result<Conditional<PackedBytes>, Failure<NotFound>> {
        Ok(self.answer(&reader, &headers.0, &recording_id.0, Format::Packed).await?.into())
    }
}

impl RecordingsApi {
    /// The response to a reader who asks for a recording by its id.
    async fn answer(
        &self,
        reader: &WorldReader,
        headers: &HeaderLines<'_>,
        id: &str,
        format: Format,
    ) -> Result<Response, RecordingError> {
        let id = RecordingId::of_text(id).ok_or(RecordingError::NotFound)?;
        // Moderators judge by it.
        let even_hidden = reader.permissions().contains(Permission::Moderate);
        let recording = self.recordings.find((reader.studio(), reader.world()), id, even_hidden).await?;
        let mut response = self.representation(recording, format, headers).await?;
        reader.set_immutable_headers(response.headers_mut());
        Ok(response)
    }

    /// The response to a request for a recording: 304 if the client has it, else its bytes.
    async fn representation(
        &self,
        recording: StoredRecording,
        format: Format,
        headers: &HeaderLines<'_>,
    ) -> Result<Response, RecordingError> {
        let tag = recording.tag();
        let (name, content_type, gzipped) = match format {
            Format::Columns => (format!("{tag}-json"), "application/json", accepts_gzip(headers)),
            // Already compressed.
            Format::Packed => (tag, MEDIA_TYPE, false),
        };
        let content = Immutable { name: &name, content_type, gzipped };
        if content.is_not_modified(headers) {
            return Ok(content.answer(None));
        }
        let bytes = match format {
            Format::Columns => self.recordings.columns(recording, gzipped).await?.into(),
            Format::Packed => recording.bytes,
        };
        Ok(content.answer(Some(bytes)))
    }
}

fn example_id() -> String {
    EXAMPLE_ID.to_owned()
}

#[derive(ApiResponse)]
enum Uploaded {
    /// The recording is stored.
    #[oai(status = 201)]
    Created(NoStore<UploadResponse>),
}
