//! The v0 routes.

use poem::http::Uri;
use poem_openapi::OpenApi;

use super::{
    AddObjectRequest,
    request::V0Scope,
    response::{AddObjectResponse, CreatedText, V0World, snapshot_response},
    service::V0,
};
use crate::{
    http::{
        body::JsonBody,
        cacheable::BytesResponse,
        client::ClientAddress,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure},
        header_lines::HeaderLines,
        idempotency_key::IdempotencyKey,
        params::Params,
        payer::Paying,
        problem::Problem,
    },
    identity::access::{
        Permission,
        request::{Caller, KeyVerifier, require},
    },
    traces::{tags::Tag, trace::TraceError},
    worlds::WorldKey,
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

impl V0Api {
    /// The path that is answered on the fast path.
    pub const FAST_PATH: &str = "/get-objects";

    /// The response to a GET of [`V0Api::FAST_PATH`] if it can be given without waiting; `None` also where anything is wrong.
    #[must_use]
    pub fn try_answer(&self, uri: &Uri, headers: &HeaderLines<'_>) -> Option<BytesResponse> {
        let caller = self.key_verifier.verify_cached(headers)?;
        let world = self.world(&caller, Permission::Read).ok()?;
        self.v0.check_open(world).ok()?;
        let V0Scope(scope) = V0Scope::parse(uri).ok()?;
        let view = self.v0.try_get(world, scope)?;
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
        headers: IfNoneMatch<'_>,
        scope: Params<V0Scope>,
    ) -> Result<Conditional<V0World>, Failure> {
        let world = self.world(&caller, Permission::Read)?;
        self.v0.check_open(world)?;
        Ok(snapshot_response(&*self.v0.snapshot(world, scope.0.0).await?, &caller, &headers.0).into())
    }

    /// Leave traces
    ///
    /// Leaves an object, a message or both, and a phantom: all of them, or none if anything is wrong. The response is sent when
    /// they are durable. The body may be gzipped (`Content-Encoding: gzip`). Sent again within 24 hours with the same
    /// `Idempotency-Key`, the request stores nothing twice; with another body it is refused. Writes to the world of the API key (permission
    /// `write`), or without a key to the open world, where that is on.
    #[oai(path = "/add-object", method = "post", operation_id = "addObject")]
    async fn add_object(
        &self,
        caller: Caller,
        client: ClientAddress,
        key: IdempotencyKey<'_>,
        paying: Paying,
        body: JsonBody<AddObjectRequest>,
    ) -> Result<AddObjectResponse, Failure<Conflict>> {
        let world = self.world(&caller, Permission::Write)?;
        let caller_id = match &caller {
            Caller::Key(grant) => &*grant.key,
            Caller::Anonymous => "",
        };
        self.v0.add_objects(world, (caller_id, client.0), body.bytes, key.0, &paying.0).await?;
        Ok(AddObjectResponse::Created(CreatedText))
    }
}
