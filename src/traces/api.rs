//! The seed's routes.

mod transfer;

use poem::{
    IntoResponse, Request, Response,
    http::{HeaderMap, Uri},
};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Query},
    payload::{Payload, PlainText},
    registry::{MetaSchema, MetaSchemaRef},
    types::Example,
};

pub use self::transfer::TransferApi;
use super::{
    model::{ScopeKey, TraceError, WorldKey},
    seed::{AddObjectRequest, TextOrInteger},
    service::Traces,
    view::View,
};
use crate::{
    http::{
        body::JsonBody,
        cacheable::BytesResponse,
        conditional::{Conditional, ConditionalContent},
        docs::Tag,
        examples, params,
        problem::{Answers, Failure, Problem},
    },
    identity::access::{
        model::Permission,
        request::caller::{Caller, KeyVerifier, allowed},
    },
    platform::error::Fault,
};

/// The routes of traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TracesApi {
    /// The feature.
    pub traces: Traces,
    /// Tells what keys open.
    pub key_verifier: KeyVerifier,
    /// The world of callers without a key, where they may in.
    pub open_world: Option<WorldKey>,
}

struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 403, 422, 503];
    const LIMITED: bool = false;
}

struct Writing;

impl Answers for Writing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 413, 415, 422, 503];
}

impl TracesApi {
    /// The path whose answers may be at hand.
    pub const FAST_PATH: &str = "/get-objects";

    /// The answer to a GET of that path, if nobody has to wait for it and nothing is wrong.
    #[must_use]
    pub fn try_answer(&self, uri: &Uri, headers: &HeaderMap) -> Option<BytesResponse> {
        let caller = self.key_verifier.try_get(headers)?;
        let world = self.world(&caller, Permission::Read).ok()?;
        let view = self.traces.try_get(world, asked_scope(uri).ok()?)?;
        Some(show(&view, &caller, headers))
    }

    /// The world that is open to the caller, who needs that there.
    fn world(&self, caller: &Caller, needs: Permission) -> Result<WorldKey, Problem> {
        match caller {
            Caller::Key(grant) => allowed(grant, needs).map(WorldKey::of),
            Caller::Nobody => Ok(self.open_world.ok_or(TraceError::KeyNeeded)?),
        }
    }
}

fn asked_scope(uri: &Uri) -> Result<ScopeKey, Fault> {
    ScopeKey::parse(&params::query(uri, "scope")?, "?scope")
}

fn show(view: &View, caller: &Caller, headers: &HeaderMap) -> BytesResponse {
    view.ready().answer(caller.audience(), headers, || view.gzip(), || view.identity())
}

#[OpenApi(tag = "Tag::Traces")]
impl TracesApi {
    /// The newest traces of a scope
    ///
    /// The newest 200 objects, 200 messages and 20 phantoms, newest first, as they were sent. Gzipped where
    /// `Accept-Encoding` allows it. With a key (scope `read`) the world that it opens; without one the open world, where that
    /// is on. Send the `ETag` back as `If-None-Match`: the answer is 304 while nothing is new.
    #[oai(path = "/get-objects", method = "get", operation_id = "getObjects")]
    async fn get_objects(
        &self,
        caller: Caller,
        request: &Request,
        /// The place, as the game names it: at most 64 bytes, no control characters. Absent: the one place of clients
        /// that name none.
        #[oai(example = "examples::scope")]
        scope: Query<Option<String>>,
    ) -> Result<Conditional<V0World>, Failure<Reading>> {
        let world = self.world(&caller, Permission::Read)?;
        // What the framework has made of it may be another text than was meant.
        drop(scope);
        let scope = asked_scope(request.uri()).map_err(|fault| TraceError::Invalid(vec![fault]))?;
        Ok(show(&*self.traces.look(world, scope).await?, &caller, request.headers()).into())
    }

    /// NewTraces traces
    ///
    /// Leaves an object, a message or both, and a phantom: all of them or, if anything is wrong, none. Answered when they
    /// are durable. The body may be gzipped (`Content-Encoding: gzip`). With a key (scope `write`) in the world that it opens;
    /// without one in the open world, where that is on.
    #[oai(path = "/add-object", method = "post", operation_id = "addObject")]
    async fn add_object(
        &self,
        caller: Caller,
        /// A name for this request, 1 to 255 visible ASCII characters, unique for a key: sent again within 24 hours it stores nothing
        /// twice, and is refused with another body.
        #[oai(name = "Idempotency-Key", example = "examples::idempotency_key")]
        key: Header<Option<String>>,
        request: &Request,
        body: JsonBody<AddObjectRequest>,
    ) -> Result<Created, Failure<Writing>> {
        let world = self.world(&caller, Permission::Write)?;
        // The framework passes over what is no ASCII, and a key that is passed over stores twice.
        drop(key);
        let key = params::header(request, "Idempotency-Key").map_err(|fault| TraceError::Invalid(vec![fault]))?;
        let name = match &caller {
            Caller::Key(grant) => &*grant.key,
            Caller::Nobody => "",
        };
        self.traces.add_objects(world, name, body.bytes, key).await?;
        Ok(Created::Stored(Done))
    }
}

#[derive(ApiResponse)]
enum Created {
    /// Everything is stored.
    #[oai(status = 201)]
    Stored(Done),
}

/// The seed's word for it.
struct Done;

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
struct V0World {
    /// The newest 200.
    objects: Vec<ObjectResponse>,
    /// The newest 200.
    messages: Vec<MessageResponse>,
    /// The newest 20.
    phantoms: Vec<PhantomResponse>,
}

/// A thing placed in the world.
#[derive(Debug, Object)]
struct ObjectResponse {
    /// Higher is newer.
    id: i64,
    /// Who left it.
    u_uuid: String,
    /// As sent.
    o_type: i64,
    /// As sent.
    o_pos: String,
    /// As sent.
    o_rot: String,
}

/// Words.
#[derive(Debug, Object)]
struct MessageResponse {
    /// Higher is newer.
    id: i64,
    /// Who left it.
    u_uuid: String,
    /// As sent.
    part1: TextOrInteger,
    /// As sent.
    part2: TextOrInteger,
    /// As sent.
    part3: TextOrInteger,
    /// As sent; absent where none was.
    m_pos: Option<String>,
}

/// A recorded run.
#[derive(Debug, Object)]
struct PhantomResponse {
    /// Higher is newer.
    id: i64,
    /// Who left it.
    u_uuid: String,
    /// As sent.
    data: Vec<Vec<String>>,
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
