//! The routes of recordings, under `/v1/recordings`.

use poem::Request;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    registry::{MetaMediaType, MetaSchema, MetaSchemaRef},
    types::{Example, Type},
};

use super::{
    model::{Kept, MEDIA_TYPE, RecordingError, RecordingId, Sent},
    service::Recordings,
};
use crate::{
    http::{
        body::{JsonOr, Media},
        cacheable::{Immutable, accepts_gzip},
        conditional::{Conditional, ConditionalContent},
        docs::Tag,
        examples,
        no_store::NoStore,
        params,
        problem::{Answers, Failure},
    },
    identity::access::request::{player::PlayerCaller, reader::Reader},
    platform::{codec::hex, error::Fault},
};

/// The routes of recordings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RecordingsApi {
    /// The feature.
    pub recordings: Recordings,
}

struct Keeping;

impl Answers for Keeping {
    const STATUSES: &'static [u16] = &[400, 401, 408, 413, 415, 422, 503];
}

struct Fetching;

impl Answers for Fetching {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// A packed recording, as a body.
#[derive(Debug)]
struct Packed;

impl Media for Packed {
    const NAME: &'static str = MEDIA_TYPE;
}

/// How a recording is asked for.
#[derive(Clone, Copy)]
enum Format {
    Columns,
    Packed,
}

fn asked_format(request: &Request) -> Result<Format, RecordingError> {
    let wrong = |fault| RecordingError::Invalid(vec![fault]);
    match params::query(request.uri(), "format").map_err(wrong)?.as_str() {
        "" | "json" => Ok(Format::Columns),
        "cairn" => Ok(Format::Packed),
        _ => Err(wrong(Fault::new("?format", "must be json or cairn"))),
    }
}

#[OpenApi(prefix_path = "/v1/recordings", tag = "Tag::Recordings")]
impl RecordingsApi {
    /// Send a recording
    ///
    /// Sends a run of the player whose token is shown, for a trace that is left later and names its id. In columns, as JSON;
    /// or packed, as `docs/recording-format.md` describes it. The body may be gzipped. Everything is checked before anything
    /// is kept. A recording that no trace takes goes after an hour; a player has 32 of these at most, and the oldest go
    /// first.
    #[oai(path = "/", method = "post", operation_id = "keepRecording")]
    async fn keep(
        &self,
        playing: PlayerCaller,
        /// A name for this request, 1 to 255 visible ASCII characters, unique for a player: sent again before a trace has
        /// taken the recording, it gives the same id, and is refused with another recording.
        #[oai(name = "Idempotency-Key", example = "examples::idempotency_key")]
        key: Header<Option<String>>,
        request: &Request,
        mut body: JsonOr<RecordingRequest, Packed>,
    ) -> Result<Answered, Failure<Keeping>> {
        // The framework passes over what is no ASCII, and a key that is passed over keeps twice.
        drop(key);
        let key = params::header(request, "Idempotency-Key").map_err(|fault| RecordingError::Invalid(vec![fault]))?;
        // The body keeps its place among those under way until it is answered.
        let sent = match &mut body {
            JsonOr::Json(body) => Sent::Columns(std::mem::take(&mut body.bytes).freeze()),
            JsonOr::Other(body) => Sent::Packed(std::mem::take(&mut body.bytes).freeze()),
        };
        let kept = self.recordings.keep(&playing.0, sent, key).await?;
        Ok(Answered::Kept(NoStore(KeptResponse::from(kept))))
    }

    /// Fetch a recording
    ///
    /// In columns, or as packed bytes. A recording never changes: whoever has it need not ask again.
    #[oai(path = "/:recording_id", method = "get", operation_id = "getRecording")]
    async fn fetch(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        request: &Request,
        /// The recording's id.
        #[oai(example = "example_id")]
        recording_id: Path<String>,
        /// `json` for columns, `cairn` for the packed bytes. Absent: columns.
        #[oai(example = "example_format")]
        format: Query<Option<String>>,
    ) -> Result<Conditional<RecordingRequest>, Failure<Fetching>> {
        // What the framework has made of it may be another text than was meant.
        drop(format);
        let format = asked_format(request)?;
        let id = RecordingId::of_text(&recording_id.0).ok_or(RecordingError::NotFound)?;
        let stored = self.recordings.find((reader.studio(), reader.world()), id).await?;
        let tag = stored.tag();
        let (name, content_type, gzipped) = match format {
            Format::Columns => (format!("{tag}-json"), "application/json", accepts_gzip(request.headers())),
            // Packed already.
            Format::Packed => (tag, MEDIA_TYPE, false),
        };
        let content = Immutable { name: &name, content_type, gzipped };
        if content.is_not_modified(request.headers()) {
            let mut unchanged = content.answer(None);
            reader.seal_for_ever(unchanged.headers_mut());
            return Ok(unchanged.into());
        }
        let bytes = match format {
            Format::Columns => self.recordings.columns(stored, gzipped).await?.into(),
            Format::Packed => stored.bytes,
        };
        let mut answer = content.answer(Some(bytes));
        reader.seal_for_ever(answer.headers_mut());
        Ok(answer.into())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_format() -> Option<String> {
    Some("json".to_owned())
}

const RECORDING: &str = "01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f";

fn example_id() -> String {
    RECORDING.to_owned()
}

#[derive(ApiResponse)]
enum Answered {
    /// The recording is kept.
    #[oai(status = 201)]
    Kept(NoStore<KeptResponse>),
}

/// A recording that is kept.
#[derive(Debug, Object)]
#[oai(example, rename = "KeptRecording")]
struct KeptResponse {
    /// Names it, for the trace that it belongs to.
    recording_id: String,
    /// Number of frames.
    frames: i32,
    /// From the first frame to the last.
    duration_ms: i32,
    /// Bytes when packed.
    size_bytes: i32,
    /// SHA-256 of the packed bytes, in hexadecimal.
    sha256: String,
}

impl From<Kept> for KeptResponse {
    fn from(kept: Kept) -> Self {
        Self {
            recording_id: kept.id.to_string(),
            frames: kept.frames,
            duration_ms: kept.duration_ms,
            size_bytes: kept.size_bytes,
            sha256: hex::of_bytes(&kept.sha256),
        }
    }
}

impl Example for KeptResponse {
    fn example() -> Self {
        Self {
            recording_id: RECORDING.to_owned(),
            frames: 3,
            duration_ms: 100,
            size_bytes: 92,
            sha256: "7a7031ab13abaf0b8326e4eb8fce571fc0c0ecd61021f1f9d0bebfd852784949".to_owned(),
        }
    }
}

/// A recording in columns: frame by frame, and event by event. Columns that it has not are left out.
#[derive(Debug, Object)]
#[oai(example, rename = "Recording")]
pub struct RecordingRequest {
    /// The game's compatibility number: 0 to 2147483647. Absent: 0.
    content_version: Option<i32>,
    /// Whether it came to its end: the goal of a race, say. Absent: no.
    complete: Option<bool>,
    /// How whoever is seen in it looks, in the game's own words: at most 1,024 bytes.
    look: Option<String>,
    /// When each frame is, in whole milliseconds: rising, 0 to 86400000. At most 12,000 frames.
    t_ms: Vec<i32>,
    /// Where, three numbers a frame, each within ±1e7. Kept within 0.001.
    pos: Vec<f64>,
    /// How it is turned, a quaternion a frame: x, y, z, w. Of about unit length as sent; as shown of unit length, and never
    /// jumping to its opposite. Kept within 0.1 degrees.
    rot: Option<Vec<f64>>,
    /// A word of the game's for each frame, which animation say.
    state: Option<Vec<i32>>,
    /// The frames, counted from 0, that are no continuation of the one before them: nothing is to be shown in between. Absent
    /// as sent: those that were reached more than eight times as fast as 19 of 20 of those that were reached by moving.
    teleports: Option<Vec<i32>>,
    /// When something happened: not before the first frame nor after the last, in order. At most 12,000 events.
    event_ms: Option<Vec<i32>>,
    /// What happened, for each event.
    event_code: Option<Vec<i32>>,
    /// What belongs to it, for each event.
    event_arg: Option<Vec<i32>>,
}

impl Example for RecordingRequest {
    fn example() -> Self {
        Self {
            content_version: Some(3),
            complete: Some(true),
            look: Some("red cloak".to_owned()),
            t_ms: vec![0, 50, 100],
            pos: vec![12.5, 0.0, -4.25, 12.75, 0.0, -4.25, 40.0, 2.0, 8.0],
            rot: Some(vec![0.0, 0.0, 0.0, 1.0, 0.0, 0.6, 0.0, 0.8, 0.0, 0.8, 0.0, 0.6]),
            state: Some(vec![1, 1, 4]),
            teleports: Some(vec![2]),
            event_ms: Some(vec![50]),
            event_code: Some(vec![7]),
            event_arg: Some(vec![-1]),
        }
    }
}

impl ConditionalContent for RecordingRequest {
    const OK: &'static str = "The recording.";
    const NOT_MODIFIED: &'static str = "The recording is the one that had this ETag.";

    fn media_types() -> Vec<MetaMediaType> {
        let example = Some("As docs/recording-format.md describes it.".into());
        let bytes = MetaSchema { format: Some("binary"), example, ..MetaSchema::new("string") };
        let columns = MetaMediaType { content_type: "application/json", schema: Self::schema_ref() };
        let packed = MetaMediaType { content_type: MEDIA_TYPE, schema: MetaSchemaRef::Inline(Box::new(bytes)) };
        vec![columns, packed]
    }
}
