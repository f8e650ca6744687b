//! JSON objects with one member that is too large for memory: it comes last, and is sent while it is made.

use std::{io, marker::PhantomData};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use poem::{Body, IntoResponse, Response, http::header};
use poem_openapi::{
    payload::Payload,
    registry::{MetaSchemaRef, Registry},
    types::{ToJSON, Type},
};

use crate::platform::codec::json;

/// A JSON object with `Cache-Control: no-store`. On an error the connection is cut, so that a client notices that it is incomplete.
pub struct LongObject<T>(Body, PhantomData<fn() -> T>);

impl<T> std::fmt::Debug for LongObject<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LongObject").finish_non_exhaustive()
    }
}

impl<T: ToJSON> LongObject<T> {
    /// An object that has members already and lacks this one, whose value comes in pieces.
    pub fn new(object: &T, member: &str, pieces: impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static) -> Self {
        let mut head = object.to_json_string();
        // Its closing brace follows at the end.
        head.pop();
        head.push(',');
        head.push_str(&json::quoted(member));
        head.push(':');
        let log = |error: &io::Error| tracing::error!(%error, "sending an answer failed");
        let part = |bytes: Bytes| stream::iter([io::Result::Ok(bytes)]);
        let pieces = pieces.map_ok(Bytes::from).inspect_err(log);
        let all = part(Bytes::from(head)).chain(pieces).chain(part(Bytes::from_static(b"}")));
        Self(Body::from_bytes_stream(all), PhantomData)
    }
}

impl<T: Type> Payload for LongObject<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> IntoResponse for LongObject<T> {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(<Self as Payload>::CONTENT_TYPE)
            .header(header::CACHE_CONTROL, "no-store")
            .body(self.0)
    }
}
