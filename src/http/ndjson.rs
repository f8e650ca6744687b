//! Newline-delimited JSON, streamed both ways: bodies of any length, of which a small part is in memory at a time.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use poem::{Body, IntoResponse, Request, RequestBody, Response, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

use super::{body::Limits, problem::Problem, unread_body::BodyRead};
use crate::platform::error::{Fault, Kind};

/// The media type of newline-delimited JSON.
const NAME: &str = "application/x-ndjson";

const EXAMPLE: &str = "Lines as docs/import.md describes them.";

/// A request body of lines, read while it arrives.
pub struct NdjsonBody {
    body: BoxStream<'static, io::Result<Bytes>>,
    /// Whether it is gzipped.
    pub gzipped: bool,
    read_timeout: Duration,
    /// To be told when it was read to its end.
    read: Option<BodyRead>,
}

impl std::fmt::Debug for NdjsonBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NdjsonBody").field("gzipped", &self.gzipped).finish_non_exhaustive()
    }
}

impl NdjsonBody {
    /// The bytes as they arrive, up to the first error: the body ended too early, or nothing arrived for too long.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Problem>> + Send {
        stream::unfold(self, |mut lines| async move { lines.next().await.map(|bytes| (bytes, lines)) })
    }

    async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        let Ok(next) = tokio::time::timeout(self.read_timeout, self.body.next()).await else {
            let secs = self.read_timeout.as_secs();
            let detail = format!("Nothing of the body arrived for {secs} s.");
            return Some(Err(Problem::new(Kind::TimedOut, "body_too_slow", detail)));
        };
        let broken = |error: io::Error| {
            Problem::new(Kind::Malformed, "body_broken", format!("The body could not be read: {error}"))
        };
        if let (None, Some(read)) = (&next, &self.read) {
            read.mark();
        }
        next.map(|bytes| bytes.map_err(broken))
    }
}

fn is_lines(request: &Request) -> bool {
    let Some(sent) = request.headers().get(header::CONTENT_TYPE) else { return true };
    let essence = sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(NAME)
}

/// Whether the body is gzipped; `None` for any other coding.
fn is_gzipped(request: &Request) -> Option<bool> {
    match request.headers().get(header::CONTENT_ENCODING).map(|sent| sent.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Some(false),
        Some(sent) => (sent.eq_ignore_ascii_case("gzip") || sent.eq_ignore_ascii_case("x-gzip")).then_some(true),
    }
}

fn media() -> MetaMediaType {
    let schema = MetaSchema { format: Some("binary"), example: Some(EXAMPLE.into()), ..MetaSchema::new("string") };
    MetaMediaType { content_type: NAME, schema: MetaSchemaRef::Inline(Box::new(schema)) }
}

impl<'a> ApiExtractor<'a> for NdjsonBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest { description: None, content: vec![media()], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let limits = request.data::<Limits>().ok_or_else(Problem::internal)?;
        let unsupported = |pointer: &str, detail: String| {
            Problem::new(Kind::UnsupportedMedia, "unsupported_media_type", detail.clone())
                .with_faults(vec![Fault::new(pointer, detail)])
        };
        if !is_lines(request) {
            return Err(unsupported("Content-Type", format!("The body must be {NAME}.")).into());
        }
        let gzipped = is_gzipped(request)
            .ok_or_else(|| unsupported("Content-Encoding", "The body may be gzip or uncompressed.".to_owned()))?;
        let (read, body) = (BodyRead::of(request).cloned(), body.take()?.into_bytes_stream().boxed());
        Ok(Self { body, gzipped, read_timeout: limits.deadline(), read })
    }
}

/// A response of lines, generated while it is sent. On an error the connection is cut, so that a client notices that it
/// is incomplete.
pub struct NdjsonResponse(Body);

impl std::fmt::Debug for NdjsonResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NdjsonResponse").finish_non_exhaustive()
    }
}

impl NdjsonResponse {
    /// A response of these lines, some at a time.
    pub fn new<E>(lines: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let broken = |error: E| {
            tracing::error!(%error, "sending lines failed");
            io::Error::other(error)
        };
        Self(Body::from_bytes_stream(lines.map_ok(Bytes::from).map_err(broken)))
    }
}

impl IntoResponse for NdjsonResponse {
    fn into_response(self) -> Response {
        Response::builder().content_type(NAME).header(header::CACHE_CONTROL, "no-store").body(self.0)
    }
}

impl ApiResponse for NdjsonResponse {
    fn meta() -> MetaResponses {
        let lines = MetaResponse {
            description: "The lines.",
            status: Some(200),
            status_range: None,
            content: vec![media()],
            headers: vec![],
        };
        MetaResponses { responses: vec![lines] }
    }

    fn register(_: &mut Registry) {}
}
