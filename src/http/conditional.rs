//! Conditional requests and the responses to them, as the API document describes them.

use std::marker::PhantomData;

use poem::{
    IntoResponse, Request, RequestBody, Response, Result,
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions,
    registry::{MetaHeader, MetaMediaType, MetaParamIn, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
    types::Type,
};

use super::{
    cacheable::{BytesResponse, to_poem},
    declaration::{Declaration, Param, Values},
    header_lines::HeaderLines,
};

/// The header with the tag of what the client has.
const IF_NONE_MATCH: Param = Param {
    name: "If-None-Match",
    about: "The `ETag` of the answer that the client has: while the content is the same, the answer is 304 without a body.",
    values: Values::Text { max_bytes: 1024 },
    example: "\"4a5f0c91d2-gz\"",
};

/// The headers of a request that may be conditional, by which its answer is chosen ([`CacheHeaders::answer`]): a longer or
/// otherwise strange `If-None-Match` matches nothing, and is not refused.
///
/// [`CacheHeaders::answer`]: super::cacheable::CacheHeaders::answer
#[derive(Clone, Copy, Debug)]
pub struct IfNoneMatch<'a>(pub HeaderLines<'a>);

impl<'a> ApiExtractor<'a> for IfNoneMatch<'a> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![IF_NONE_MATCH], refusals: &[] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self(HeaderLines::of(request.headers())))
    }
}

/// The `If-Match` of a request that reads (RFC 9110, 13.1.1).
#[derive(Debug)]
pub struct IfMatch(Vec<HeaderValue>);

impl IfMatch {
    /// That of a request; `None` where there is none, or the request does not only read.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let headers = request.headers();
        let is_there = headers.contains_key(header::IF_MATCH) && request.method().is_safe();
        is_there.then(|| Self(headers.get_all(header::IF_MATCH).iter().cloned().collect()))
    }

    /// Whether a response may be sent: one that is no content, or one of the named versions. Tags are compared strongly; a content
    /// without a tag is no named version.
    #[must_use]
    pub fn allows(&self, response: &Response) -> bool {
        if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
            return true;
        }
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let named = self.0.iter().flat_map(|line| line.to_str().unwrap_or_default().split(',').map(str::trim));
        named.into_iter().any(|named| named == "*" || (!named.starts_with("W/") && Some(named) == tag))
    }
}

/// A content that is answered with 200 or 304, and how the document describes the two.
pub trait ConditionalContent: Type {
    /// The description of the 200.
    const OK: &'static str;
    /// The description of the 304: the caller has the content already.
    const NOT_MODIFIED: &'static str;

    /// The media types in which it is available.
    #[must_use]
    fn media_types() -> Vec<MetaMediaType> {
        vec![MetaMediaType { content_type: "application/json", schema: Self::schema_ref() }]
    }
}

/// A response to a conditional request: a `T`, or 304.
pub struct Conditional<T>(Response, PhantomData<T>);

impl<T> From<BytesResponse> for Conditional<T> {
    fn from(response: BytesResponse) -> Self {
        to_poem(response).into()
    }
}

impl<T> From<Response> for Conditional<T> {
    fn from(response: Response) -> Self {
        Self(response, PhantomData)
    }
}

impl<T: ConditionalContent> IntoResponse for Conditional<T> {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<T: ConditionalContent> ApiResponse for Conditional<T> {
    fn meta() -> MetaResponses {
        let tag = || MetaHeader {
            name: "ETag".to_owned(),
            description: Some("Names this content. Send it back as `If-None-Match`.".to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let response = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![tag()],
        };
        MetaResponses {
            responses: vec![response(200, T::OK, T::media_types()), response(304, T::NOT_MODIFIED, vec![])],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
