//! What the v0 routes answer.

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse, Object,
    payload::{Payload, PlainText},
    registry::{MetaSchema, MetaSchemaRef},
    types::Example,
};

use super::request::{AddObjectRequest, TextOrInteger};
use crate::http::conditional::ConditionalContent;

/// The answer to `POST /add-object`.
#[derive(Debug, ApiResponse)]
pub enum Created {
    /// Everything is stored.
    #[oai(status = 201)]
    Stored(Done),
}

/// The body of the answer: `Created!!!`.
#[derive(Debug)]
pub struct Done;

impl Done {
    const TEXT: &'static str = "Created!!!";
}

impl Payload for Done {
    const CONTENT_TYPE: &'static str = PlainText::<String>::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        let example = Some(Self::TEXT.into());
        MetaSchemaRef::Inline(Box::new(MetaSchema { example, ..MetaSchema::new("string") }))
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        PlainText(Self::TEXT).into_response()
    }
}

/// The newest traces of a scope, newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct V0World {
    /// The newest 200.
    pub objects: Vec<ObjectResponse>,
    /// The newest 200.
    pub messages: Vec<MessageResponse>,
    /// The newest 20.
    pub phantoms: Vec<PhantomResponse>,
}

/// A thing placed in the world.
#[derive(Debug, Object)]
pub struct ObjectResponse {
    /// Higher is newer.
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

/// A message.
#[derive(Debug, Object)]
pub struct MessageResponse {
    /// Higher is newer.
    pub id: i64,
    /// The player id that the client sent.
    pub u_uuid: String,
    /// As sent.
    pub part1: TextOrInteger,
    /// As sent.
    pub part2: TextOrInteger,
    /// As sent.
    pub part3: TextOrInteger,
    /// As sent; absent where none was.
    pub m_pos: Option<String>,
}

/// A recorded run.
#[derive(Debug, Object)]
pub struct PhantomResponse {
    /// Higher is newer.
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
