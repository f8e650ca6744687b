//! The responses of the v0 routes.

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse, Object,
    payload::{Payload, PlainText},
    registry::{MetaSchema, MetaSchemaRef},
    types::Example,
};

use super::{
    request::{AddObjectRequest, TextOrInteger},
    snapshot::View,
};
use crate::{
    http::{
        cacheable::{BytesResponse, CACHE_HEADERS_BYTES, CacheHeaders},
        conditional::ConditionalContent,
        header_lines::HeaderLines,
    },
    identity::access::request::Caller,
};

/// The headers of the responses that carry one snapshot. Each snapshot holds its own, so they are made once.
#[derive(Debug)]
pub struct SnapshotHeaders(CacheHeaders);

impl SnapshotHeaders {
    /// About how many bytes of memory they hold.
    pub const SIZE_BYTES: usize = CACHE_HEADERS_BYTES;

    /// The headers of a snapshot. `name` identifies its bytes; the lengths of the body are in bytes.
    pub fn new(name: &str, gzip_length: usize, identity_length: usize) -> Self {
        Self(CacheHeaders::new(name, "application/json", "no-cache", gzip_length, identity_length))
    }
}

/// The response to a `GET /get-objects` with these headers.
#[inline]
pub fn snapshot_response(view: &View, caller: &Caller, headers: &HeaderLines<'_>) -> BytesResponse {
    let SnapshotHeaders(ready) = view.headers();
    ready.answer(caller.audience(), headers, || view.gzip(), || view.identity())
}

/// The response to `POST /add-object`.
#[derive(Debug, ApiResponse)]
pub enum AddObjectResponse {
    /// Everything is stored.
    #[oai(status = 201)]
    Created(CreatedText),
}

/// The body of a 201: `Created!!!`.
#[derive(Debug)]
pub struct CreatedText;

impl CreatedText {
    const TEXT: &'static str = "Created!!!";
}

impl Payload for CreatedText {
    const CONTENT_TYPE: &'static str = PlainText::<String>::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        let example = Some(Self::TEXT.into());
        MetaSchemaRef::Inline(Box::new(MetaSchema { example, ..MetaSchema::new("string") }))
    }
}

impl IntoResponse for CreatedText {
    fn into_response(self) -> Response {
        PlainText(Self::TEXT).into_response()
    }
}

/// The newest traces of a scope, newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct V0World {
    /// The newest 200 objects.
    #[oai(validator(max_items = 200))]
    pub objects: Vec<ObjectResponse>,
    /// The newest 200 messages.
    #[oai(validator(max_items = 200))]
    pub messages: Vec<MessageResponse>,
    /// The newest 20 phantoms.
    #[oai(validator(max_items = 20))]
    pub phantoms: Vec<PhantomResponse>,
}

/// A thing placed in the world.
#[derive(Debug, Object)]
#[oai(rename = "V0StoredObject")]
pub struct ObjectResponse {
    /// Its id; newer traces have higher ids.
    pub id: i64,
    /// The player id that the client sent.
    pub u_uuid: String,
    /// As sent.
    pub o_type: i64,
    /// As sent.
    pub o_pos: String,
    /// As sent.
    pub o_rot: String,
}

/// A message: three parts, as they were sent.
#[derive(Debug, Object)]
#[oai(rename = "V0StoredMessage")]
pub struct MessageResponse {
    /// Its id; newer traces have higher ids.
    pub id: i64,
    /// The player id that the client sent.
    pub u_uuid: String,
    pub part1: TextOrInteger,
    pub part2: TextOrInteger,
    pub part3: TextOrInteger,
    /// As sent; absent where none was sent.
    #[oai(skip_serializing_if_is_none)]
    pub m_pos: Option<String>,
}

/// A recorded run.
#[derive(Debug, Object)]
#[oai(rename = "V0StoredPhantom")]
pub struct PhantomResponse {
    /// Its id; newer traces have higher ids.
    pub id: i64,
    /// The player id that the client sent.
    pub u_uuid: String,
    /// As sent.
    pub data: Vec<Vec<String>>,
}

impl Example for V0World {
    fn example() -> Self {
        let AddObjectRequest { object, message, phantom, .. } = AddObjectRequest::example();
        let objects = object.map(|object| ObjectResponse {
            id: 1,
            u_uuid: object.u_uuid,
            o_type: object.o_type,
            o_pos: object.o_pos,
            o_rot: object.o_rot,
        });
        let messages = message.map(|message| MessageResponse {
            id: 2,
            u_uuid: message.u_uuid,
            part1: message.part1,
            part2: message.part2,
            part3: message.part3,
            m_pos: message.m_pos,
        });
        let phantoms = vec![PhantomResponse { id: 3, u_uuid: phantom.u_uuid, data: phantom.data }];
        Self { objects: objects.into_iter().collect(), messages: messages.into_iter().collect(), phantoms }
    }
}

impl ConditionalContent for V0World {
    const OK: &'static str = "The newest traces of the scope.";
    const NOT_MODIFIED: &'static str = "Nothing is new since the answer that had this ETag.";
}
