//! Files that are sent to the server, read while they arrive: bodies of any form, of which a small part is in memory at a time.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use poem::{Request, RequestBody, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef},
};

use super::{body::Limits, problem::Problem, unread_body::BodyRead};
use crate::platform::error::{Fault, Kind};

/// The media types of files. What a file is shows in its content: this only keeps out what is none, such as a form.
const TYPES: [&str; 5] =
    ["application/octet-stream", "application/json", "text/csv", "text/tab-separated-values", "text/plain"];

const EXAMPLE: &str = "The bytes of the file.";

/// A file in a request's body.
pub struct FileUpload {
    body: BoxStream<'static, io::Result<Bytes>>,
    /// Whether it is gzipped.
    pub gzipped: bool,
    read_timeout: Duration,
    /// To be told when it was read to its end.
    read: Option<BodyRead>,
}

impl std::fmt::Debug for FileUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileUpload").field("gzipped", &self.gzipped).finish_non_exhaustive()
    }
}

impl FileUpload {
    /// The bytes as they arrive, up to the first error: the body ended too early, or nothing arrived for too long.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Problem>> + Send {
        stream::unfold(self, |mut file| async move { file.next().await.map(|bytes| (bytes, file)) })
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

fn unsupported(pointer: &str, detail: String) -> Problem {
    Problem::new(Kind::UnsupportedMedia, "unsupported_media_type", detail.clone())
        .with_faults(vec![Fault::new(pointer, detail)])
}

fn check_type(request: &Request) -> Result<(), Problem> {
    let Some(sent) = request.headers().get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if TYPES.iter().any(|known| essence.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(unsupported("Content-Type", format!("The body must be a file: {}.", TYPES.join(", "))))
}

/// Whether the body is gzipped.
fn is_gzipped(request: &Request) -> Result<bool, Problem> {
    match request.headers().get(header::CONTENT_ENCODING).map(|sent| sent.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Ok(false),
        Some(sent) if sent.eq_ignore_ascii_case("gzip") || sent.eq_ignore_ascii_case("x-gzip") => Ok(true),
        Some(_) => Err(unsupported("Content-Encoding", "The body may be gzip or uncompressed.".to_owned())),
    }
}

impl<'a> ApiExtractor<'a> for FileUpload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let schema = MetaSchema { example: Some(EXAMPLE.into()), ..MetaSchema::new_with_format("string", "binary") };
        let media =
            MetaMediaType { content_type: "application/octet-stream", schema: MetaSchemaRef::Inline(Box::new(schema)) };
        Some(MetaRequest { description: None, content: vec![media], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let limits = request.data::<Limits>().ok_or_else(Problem::internal)?;
        check_type(request)?;
        let gzipped = is_gzipped(request)?;
        let (read, body) = (BodyRead::of(request).cloned(), body.take()?.into_bytes_stream().boxed());
        Ok(Self { body, gzipped, read_timeout: limits.deadline(), read })
    }
}
