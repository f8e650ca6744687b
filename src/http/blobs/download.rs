//! A download: what of the file is asked for, and the answer. The file comes from people, so browsers must take it for nothing else
//! than it says, and run nothing that is in it.

use std::io;

use futures_util::TryStreamExt;
use poem::{
    Body, IntoResponse, Request, RequestBody, Response, Result,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions,
    registry::{
        MetaHeader, MetaMediaType, MetaParamIn, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
    },
    types::Type,
};

use super::{
    range::{Extent, extent},
    upload::signed,
};
use crate::{
    http::{
        cacheable,
        declaration::{Declaration, Param, Values},
        header_lines::HeaderLines,
        params::{QueryParams, QueryReader},
    },
    platform::blobs::{Blob, BlobError, Blobs, Signed},
};

/// A link is the same for an hour, and its content for ever.
const CACHE_CONTROL: &str = "private, max-age=3600, immutable";

/// Whatever it is, nothing of it is run, and it reaches nothing.
const POLICY: &str = "default-src 'none'; sandbox";

const RANGE: Param = Param {
    name: "Range",
    about: "One range of bytes: the answer is 206 with it. Several, or what is none, are answered with the whole.",
    values: Values::Text { max_bytes: 1024 },
    example: "bytes=0-65535",
};

const IF_NONE_MATCH: Param = Param {
    name: "If-None-Match",
    about: "The `ETag` of the file that the client has: the answer is 304 without a body.",
    values: Values::Text { max_bytes: 1024 },
    example: "\"4a5f0c91d2e80b17\"",
};

/// The query of a download.
#[derive(Debug)]
pub struct DownloadQuery {
    /// Expiry and signature; none where they are missing, or can be none.
    pub signed: Option<Signed>,
}

impl QueryParams for DownloadQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        Some(Self { signed: signed(reader) })
    }
}

/// What of a file is asked for.
#[derive(Debug)]
pub struct Download {
    range: Option<String>,
    if_range: Option<String>,
    known: Known,
}

/// The tags that the client has.
#[derive(Debug)]
struct Known(HeaderMap);

impl<'a> ApiExtractor<'a> for Download {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![RANGE, IF_NONE_MATCH], refusals: &[] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self::of(request.headers()))
    }
}

/// The headers of every answer with the file, or that says that the client has it.
const ALWAYS: [(&str, &str); 4] = [
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
];

/// The media types of files that people upload.
const TYPES: [&str; 7] =
    ["image/png", "image/jpeg", "image/webp", "image/gif", "video/mp4", "video/webm", "application/octet-stream"];

/// The `ETag` of a file.
#[must_use]
pub fn tag(blob: &Blob) -> String {
    let digest = blob.digest.to_hex();
    format!("\"{}\"", digest.get(..32).unwrap_or_default())
}

impl Download {
    /// What the headers of a request ask for.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut known = HeaderMap::new();
        for tag in headers.get_all(header::IF_NONE_MATCH) {
            known.append(header::IF_NONE_MATCH, tag.clone());
        }
        Self { range: text(header::RANGE), if_range: text(header::IF_RANGE), known: Known(known) }
    }

    /// The answer with a file, or with the part of it that is asked for.
    pub(super) async fn answer(&self, blobs: &Blobs, blob: &Blob) -> Result<BlobAnswer, BlobError> {
        self.respond(blobs, blob, CACHE_CONTROL).await.map(BlobAnswer)
    }

    /// The same, for how long it may be kept by whoever asks.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], [`BlobError::Away`].
    pub async fn respond(&self, blobs: &Blobs, blob: &Blob, cache_control: &str) -> Result<Response, BlobError> {
        let tag = tag(blob);
        let mut response = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, cache_control);
        for (name, value) in ALWAYS {
            response = response.header(name, value);
        }
        if cacheable::matches(&HeaderLines::of(&self.known.0), tag.as_bytes()) {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        response = response.header(header::ACCEPT_RANGES, "bytes").header(header::CONTENT_DISPOSITION, "inline");
        if let Some(path) = blobs.accelerated(blob) {
            let response = response.content_type(&blob.media_type).header("X-Accel-Redirect", path);
            return Ok(response.finish());
        }
        let is_same = self.if_range.as_ref().is_none_or(|known| *known == tag);
        let (from, bytes) = match extent(self.range.as_deref().filter(|_| is_same), blob.bytes) {
            Extent::Whole => (0, blob.bytes),
            Extent::Part(first, last) => {
                let range = format!("bytes {first}-{last}/{}", blob.bytes);
                response = response.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, range);
                (first, last - first + 1)
            }
            Extent::Unsatisfiable => {
                let range = format!("bytes */{}", blob.bytes);
                let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE).header(header::CONTENT_RANGE, range);
                return Ok(response.finish());
            }
        };
        let parts = blobs.read(blob, from, Some(bytes)).await?.map_err(io::Error::other);
        let mut response = response.content_type(&blob.media_type).body(Body::from_bytes_stream(parts));
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
        Ok(response)
    }
}

/// The answer to a download.
pub struct BlobAnswer(Response);

impl std::fmt::Debug for BlobAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobAnswer").finish_non_exhaustive()
    }
}

impl IntoResponse for BlobAnswer {
    fn into_response(self) -> Response {
        self.0
    }
}

fn described(name: &str, about: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(about.to_owned()),
        required: true,
        deprecated: false,
        schema: String::schema_ref(),
    }
}

impl ApiResponse for BlobAnswer {
    fn meta() -> MetaResponses {
        let always = || {
            let mut headers = vec![described("ETag", "Names the content. Send it back as `If-None-Match`.")];
            headers.extend(ALWAYS.map(|(name, value)| described(name, &format!("`{value}`."))));
            headers
        };
        let with_file = |range: bool| {
            let mut headers = always();
            headers.push(described("Accept-Ranges", "`bytes`."));
            headers.push(described("Content-Disposition", "`inline`."));
            if range {
                headers.push(described("Content-Range", "Which bytes of how many."));
            }
            headers
        };
        let file = |content_type: &&'static str| {
            let example = Some("The bytes.".into());
            let schema = MetaSchema { example, ..MetaSchema::new_with_format("string", "binary") };
            MetaMediaType { content_type, schema: MetaSchemaRef::Inline(Box::new(schema)) }
        };
        let file = || TYPES.iter().map(file).collect();
        let response = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        let responses = vec![
            response(200, "The file.", file(), with_file(false)),
            response(206, "The range of the file.", file(), with_file(true)),
            response(304, "The file is as you have it.", Vec::new(), always()),
            response(416, "The range lies behind the end of the file.", Vec::new(), with_file(true)),
        ];
        MetaResponses { responses }
    }

    fn register(_: &mut Registry) {}
}
