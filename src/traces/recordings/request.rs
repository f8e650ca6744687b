//! Requests about recordings: headers, parameters and the columns of a recording, which responses share.

use bytes::{Bytes, BytesMut};
use poem_openapi::{Object, types::Example};

use super::model::{MEDIA_TYPE, RecordingPayload};
use crate::http::{
    body::{JsonOr, Media, MediaBytes},
    declaration::{Param, Values},
    params::{self, QueryParams, QueryReader, UriReader},
};

/// A packed recording as a request body.
#[derive(Debug)]
pub struct PackedUpload;

impl Media for PackedUpload {
    const NAME: &'static str = MEDIA_TYPE;
}

/// The format in which a recording is returned.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// Columns, as JSON.
    Columns,
    /// Packed bytes.
    Packed,
}

/// The parameter of the format. It also takes `cairn`, which is not described: packed bytes have a path of their own.
const FORMAT: Param = Param {
    name: "format",
    about: "Columns, as JSON. For the packed bytes see `getPackedRecording`.",
    values: Values::OneOf(&["json"]),
    example: "json",
};

impl QueryParams for Format {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let format = reader.optional(&FORMAT, |name| match name {
            "json" => Ok(Self::Columns),
            "cairn" => Ok(Self::Packed),
            _ => Err("must be json or cairn".to_owned()),
        });
        Some(format.unwrap_or(Self::Columns))
    }
}

fn take(bytes: &mut BytesMut) -> Bytes {
    std::mem::take(bytes).freeze()
}

/// The packed recording in a request body, whose bytes are taken out, as in [`take_payload`].
pub fn take_packed(body: &mut MediaBytes<PackedUpload>) -> RecordingPayload {
    RecordingPayload::Packed(take(&mut body.bytes))
}

/// The recording in a request body, whose bytes are taken out; the body keeps its share of the memory limit until it is
/// dropped.
pub fn take_payload(body: &mut JsonOr<RecordingColumns, PackedUpload>) -> RecordingPayload {
    match body {
        JsonOr::Json(body) => RecordingPayload::Columns(take(&mut body.bytes)),
        JsonOr::Other(body) => RecordingPayload::Packed(take(&mut body.bytes)),
    }
}

/// A recording in columns, with one entry per frame or per event. Empty columns are left out.
#[derive(Debug, Object)]
#[oai(example, rename = "Recording")]
pub struct RecordingColumns {
    /// The game's compatibility number. Absent: 0.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    content_version: Option<i32>,
    /// Whether the run was finished, for example a race. Absent: false.
    #[oai(skip_serializing_if_is_none)]
    complete: Option<bool>,
    /// How the player looks, in the game's own words: at most 1,024 bytes.
    #[oai(skip_serializing_if_is_none, validator(max_length = 1024))]
    look: Option<String>,
    /// The time of each frame, in whole milliseconds: ascending, 0 to 86400000.
    #[oai(validator(max_items = 12000))]
    t_ms: Vec<i32>,
    /// The position, three numbers per frame, each within ±1e7. Stored with an error of at most 0.001.
    #[oai(validator(max_items = 36000))]
    pos: Vec<f64>,
    /// The rotation, one quaternion (x, y, z, w) per frame. In requests its length must be about 1; in responses it is 1, and
    /// no quaternion flips its sign against the one before it. Stored with an error of at most 0.1 degrees.
    #[oai(skip_serializing_if_is_none, validator(max_items = 48000))]
    rot: Option<Vec<f64>>,
    /// A number of the game's own for each frame, for example the animation.
    #[oai(skip_serializing_if_is_none, validator(max_items = 12000))]
    state: Option<Vec<i32>>,
    /// The frames, counted from 0, that do not continue the one before them: don't interpolate there. If a request leaves them
    /// out, they are the frames that were reached more than eight times as fast as 19 of 20 of the frames with a movement.
    #[oai(skip_serializing_if_is_none, validator(max_items = 12000))]
    teleports: Option<Vec<i32>>,
    /// The time of each event: ascending, between the first frame and the last.
    #[oai(skip_serializing_if_is_none, validator(max_items = 12000))]
    event_ms: Option<Vec<i32>>,
    /// The game's code of each event.
    #[oai(skip_serializing_if_is_none, validator(max_items = 12000))]
    event_code: Option<Vec<i32>>,
    /// The game's argument of each event.
    #[oai(skip_serializing_if_is_none, validator(max_items = 12000))]
    event_arg: Option<Vec<i32>>,
}

impl Example for RecordingColumns {
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

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("Format", |uri| params::read::<Format>(uri).is_ok())];
