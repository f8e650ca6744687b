//! The v0 routes.

use poem::{
    Request,
    http::{HeaderMap, Uri},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Query},
};

use super::{
    AddObjectRequest,
    response::{AddObjectResponse, CreatedText, V0World, snapshot_response},
    service::V0,
};
use crate::{
    http::{
        body::JsonBody,
        cacheable::BytesResponse,
        conditional::Conditional,
        params,
        problem::{Answers, Failure, Problem},
    },
    identity::access::{
        Permission,
        request::{Caller, KeyVerifier, require},
    },
    platform::error::Fault,
    traces::{examples, tags::Tag, trace::TraceError},
    worlds::{ScopeKey, WorldKey},
};

/// The v0 routes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct V0Api {
    /// The use cases.
    pub v0: V0,
    /// Verifies API keys.
    pub key_verifier: KeyVerifier,
    /// The world of callers without a key; `None` where the open world is off.
    pub open_world: Option<WorldKey>,
}

struct GetObjects;

impl Answers for GetObjects {
    const STATUSES: &'static [u16] = &[401, 403, 422, 503];
    const LIMITED: bool = false;
}

struct AddObject;

impl Answers for AddObject {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 413, 415, 422, 503];
}

impl V0Api {
    /// The path that is answered on the fast path.
    pub const FAST_PATH: &str = "/get-objects";

    /// The response to a GET of [`V0Api::FAST_PATH`] if it can be given without waiting; `None` also where anything is wrong.
    #[must_use]
    pub fn try_answer(&self, uri: &Uri, headers: &HeaderMap) -> Option<BytesResponse> {
        let caller = self.key_verifier.verify_cached(headers)?;
        let world = self.world(&caller, Permission::Read).ok()?;
        let view = self.v0.try_get(world, scope_of(uri).ok()?)?;
        Some(snapshot_response(&view, &caller, headers))
    }

    /// The world of the caller's key, if the key has the permission; without a key the open world.
    fn world(&self, caller: &Caller, permission: Permission) -> Result<WorldKey, Problem> {
        match caller {
            Caller::Key(grant) => require(grant, permission).map(WorldKey::of),
            Caller::Anonymous => Ok(self.open_world.ok_or(TraceError::KeyNeeded)?),
        }
    }
}

fn scope_of(uri: &Uri) -> Result<ScopeKey, Fault> {
    ScopeKey::parse(&params::query(uri, "scope")?, "?scope")
}

#[OpenApi(tag = "Tag::Traces")]
impl V0Api {
    /// The newest traces of a scope
    ///
    /// The newest 200 objects, 200 messages and 20 phantoms, newest first, as they were sent. The body is gzipped where
    /// `Accept-Encoding` allows it. Reads the world of the API key (permission `read`), or without a key the open world, where
    /// that is on. Send the `ETag` back as `If-None-Match`: the response is 304 while nothing has changed.
    #[oai(path = "/get-objects", method = "get", operation_id = "getObjects")]
    async fn get_objects(
        &self,
        caller: Caller,
        request: &Request,
        /// The scope, as the game names it: at most 64 bytes, no control characters. The default is the empty scope.
        #[oai(example = "examples::scope")]
        scope: Query<Option<String>>,
    ) -> Result<Conditional<V0World>, Failure<GetObjects>> {
        let world = self.world(&caller, Permission::Read)?;
        // The raw query is read instead: the framework's decoding may change the text.
        drop(scope);
        let scope = scope_of(request.uri()).map_err(|fault| TraceError::Invalid(vec![fault]))?;
        Ok(snapshot_response(&*self.v0.snapshot(world, scope).await?, &caller, request.headers()).into())
    }

    /// Leave traces
    ///
    /// Leaves an object, a message or both, and a phantom: all of them, or none if anything is wrong. The response is sent when
    /// they are durable. The body may be gzipped (`Content-Encoding: gzip`). Writes to the world of the API key (permission
    /// `write`), or without a key to the open world, where that is on.
    #[oai(path = "/add-object", method = "post", operation_id = "addObject")]
    async fn add_object(
        &self,
        caller: Caller,
        /// A name for this request, 1 to 255 visible ASCII characters, unique for the API key. Sent again within 24 hours, the
        /// request stores nothing twice; with another body it is refused.
        #[oai(name = "Idempotency-Key", example = "examples::idempotency_key")]
        key: Header<Option<String>>,
        request: &Request,
        body: JsonBody<AddObjectRequest>,
    ) -> Result<AddObjectResponse, Failure<AddObject>> {
        let world = self.world(&caller, Permission::Write)?;
        // The raw header is read instead: the framework ignores a key that is not ASCII, and the request would be stored twice.
        drop(key);
        let key = params::header(request, "Idempotency-Key").map_err(|fault| TraceError::Invalid(vec![fault]))?;
        let caller_id = match &caller {
            Caller::Key(grant) => &*grant.key,
            Caller::Anonymous => "",
        };
        self.v0.add_objects(world, caller_id, body.bytes, key).await?;
        Ok(AddObjectResponse::Created(CreatedText))
    }
}
