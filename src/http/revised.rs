//! Single things that have a revision: the `ETag` of their answers, and the `If-Match` that a request needs in order to change them
//! (RFC 9110, 13.1.1).
//!
//! A tag is `"REVISION.DIGEST"`. The digest is of the whole answer, so that a 304 is never wrong about what is in it beside the
//! thing, such as counts. A change is refused only where the revision is another: what somebody else counts is no conflict.

use poem::{
    IntoResponse, Request, RequestBody, Response, Result,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, Object,
    registry::{MetaHeader, MetaMediaType, MetaParamIn, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
    types::{ParseFromJSON, ToJSON, Type},
};

use super::{
    cacheable,
    conditional::{Conditional, ConditionalContent, IfNoneMatch},
    declaration::{Declaration, Param, Values},
    problem::{PROBLEM_JSON, Problem, ProblemFault},
};
use crate::platform::{codec::hex, error::Kind, token::digest_of_parts};

/// The header with the tag of what the client has seen.
const IF_MATCH: Param = Param {
    name: "If-Match",
    about: "The `ETag` of the state that this request changes, or `*` for any. Without it the request is refused (428); if there is \
            another state by now, the answer is 412 with it.",
    values: Values::Text { max_bytes: 1024 },
    example: "\"3.4a5f0c91d2e80b17\"",
};

/// The same where a request may do without.
const OPTIONAL_IF_MATCH: Param = Param {
    about: "The `ETag` of the state that this request changes, or `*` for any that there is. If there is another state by now, the \
            answer is 412 with it. Without it the request changes whatever is there.",
    ..IF_MATCH
};

/// The media type of the answers.
const JSON: &str = "application/json";

/// The bytes of the digest in a tag.
const DIGEST_BYTES: usize = 8;

/// The revisions that a request to change something names, in the header `If-Match`, which it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whatever it is now.
    Any,
    /// One of these.
    Revisions(Vec<i64>),
}

impl IfMatch {
    /// Those of a request; `None` where it names none at all. What is no tag of ours, or a weak one, is no revision.
    fn of(request: &Request) -> Option<Self> {
        let mut lines = request.headers().get_all(header::IF_MATCH).iter().peekable();
        lines.peek()?;
        let tags = lines.flat_map(|line| line.to_str().unwrap_or_default().split(',').map(str::trim));
        let mut revisions = Vec::new();
        for tag in tags {
            if tag == "*" {
                return Some(Self::Any);
            }
            let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            revisions.extend(inner.and_then(|inner| inner.split('.').next()?.parse::<i64>().ok()));
        }
        Some(Self::Revisions(revisions))
    }

    /// Whether a thing of that revision may be changed.
    #[must_use]
    pub fn allows(&self, revision: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Revisions(revisions) => revisions.contains(&revision),
        }
    }
}

impl<'a> ApiExtractor<'a> for IfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![IF_MATCH], refusals: &[428] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        let needed = || {
            let detail = "Send If-Match with the ETag of what you change, so that nobody else's change is lost.";
            Problem::new(Kind::PreconditionRequired, "if_match_needed", detail)
        };
        Ok(Self::of(request).ok_or_else(needed)?)
    }
}

/// The same, for things that one person changes from several devices: without the header the request changes whatever is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalIfMatch(pub Option<IfMatch>);

impl<'a> ApiExtractor<'a> for OptionalIfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: vec![OPTIONAL_IF_MATCH], refusals: &[] }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self(IfMatch::of(request)))
    }
}

/// A thing of which a request expects another revision than it has.
#[must_use]
pub fn stale<T: ToJSON>(current: &T) -> Problem {
    let detail = "It was changed meanwhile; what it is now is in current.";
    Problem::new(Kind::PreconditionFailed, "stale", detail)
        .with_member("current", current.to_json().unwrap_or_default())
}

/// The body of a thing's answer, and its tag.
fn tagged<T: ToJSON>(revision: i64, thing: &T) -> (String, String) {
    let body = thing.to_json_string();
    let digest = digest_of_parts(&[body.as_bytes()]);
    let digest = hex::of_bytes(digest.get(..DIGEST_BYTES).unwrap_or_default());
    (format!("\"{revision}.{digest}\""), body)
}

/// The answer about a thing of that revision to a request that may be conditional.
pub fn answer<T: ConditionalContent + ToJSON>(revision: i64, thing: &T, request: &IfNoneMatch<'_>) -> Conditional<T> {
    let (tag, body) = tagged(revision, thing);
    let response = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, cacheable::PRIVATE);
    if cacheable::matches(&request.0, tag.as_bytes()) {
        return response.status(StatusCode::NOT_MODIFIED).finish().into();
    }
    response.content_type(JSON).body(body).into()
}

fn tag_header(required: bool) -> MetaHeader {
    let absent = if required { "" } else { " Absent where a repeated request is answered as the first was." };
    MetaHeader {
        name: "ETag".to_owned(),
        description: Some(format!("Names this state. Send it back as `If-Match` to change it.{absent}")),
        required,
        deprecated: false,
        schema: String::schema_ref(),
    }
}

fn described(status: u16, description: &'static str, content: Vec<MetaMediaType>, tag: bool) -> MetaResponse {
    let headers = if tag { vec![tag_header(status != 201)] } else { Vec::new() };
    MetaResponse { description, status: Some(status), status_range: None, content, headers }
}

fn json<T: Type>(content_type: &'static str) -> Vec<MetaMediaType> {
    vec![MetaMediaType { content_type, schema: T::schema_ref() }]
}

/// The description of a 412.
const STALE: &str = "It was changed meanwhile; `current` is what it is now.";

fn respond<T: ToJSON>(status: StatusCode, revision: i64, thing: &T) -> Response {
    let (tag, body) = tagged(revision, thing);
    let response = Response::builder().status(status).content_type(JSON).header(header::ETAG, tag);
    response.header(header::CACHE_CONTROL, "no-store").body(body)
}

/// The answer to a request that made a thing: it, with its revision.
#[derive(Debug)]
pub struct Created<T> {
    /// Its revision.
    pub revision: i64,
    /// The thing.
    pub thing: T,
}

impl<T: ToJSON> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::CREATED, self.revision, &self.thing)
    }
}

impl<T: Type + ToJSON> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![described(201, "Created.", json::<T>(JSON), true)] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// The answer to a request that changed a thing: it, with its revision. Its description names the 412 too.
#[derive(Debug)]
pub struct Changed<T> {
    /// Its revision.
    pub revision: i64,
    /// The thing as it is now.
    pub thing: T,
}

impl<T: ToJSON> IntoResponse for Changed<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::OK, self.revision, &self.thing)
    }
}

impl<T: Type + ToJSON + ParseFromJSON> ApiResponse for Changed<T> {
    fn meta() -> MetaResponses {
        let responses = vec![
            described(200, "Changed: as it is now.", json::<T>(JSON), true),
            described(412, STALE, json::<Stale<T>>(PROBLEM_JSON), false),
        ];
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        Stale::<T>::register(registry);
    }
}

/// The answer to a request that deleted a thing. Its description names the 412 with the thing, where it was changed meanwhile.
#[derive(Debug)]
pub struct Deleted<T>(std::marker::PhantomData<fn() -> T>);

impl<T> Default for Deleted<T> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T> IntoResponse for Deleted<T> {
    fn into_response(self) -> Response {
        Response::builder().status(StatusCode::NO_CONTENT).finish()
    }
}

impl<T: Type + ToJSON + ParseFromJSON> ApiResponse for Deleted<T> {
    fn meta() -> MetaResponses {
        let responses = vec![
            described(204, "Deleted.", Vec::new(), false),
            described(412, STALE, json::<Stale<T>>(PROBLEM_JSON), false),
        ];
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        Stale::<T>::register(registry);
    }
}

/// The answer to a request that changed something by way of a thing. Its description names the 412 with the thing, where it was
/// changed meanwhile.
#[derive(Debug)]
pub struct OrStale<A, T>(pub A, std::marker::PhantomData<fn() -> T>);

impl<A, T> From<A> for OrStale<A, T> {
    fn from(answer: A) -> Self {
        Self(answer, std::marker::PhantomData)
    }
}

impl<A: IntoResponse, T: Send> IntoResponse for OrStale<A, T> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<A: ApiResponse, T: Type + ToJSON + ParseFromJSON> ApiResponse for OrStale<A, T> {
    fn meta() -> MetaResponses {
        let mut meta = A::meta();
        meta.responses.push(described(412, STALE, json::<Stale<T>>(PROBLEM_JSON), false));
        meta
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
        Stale::<T>::register(registry);
    }
}

/// The problem of a change of an old state, with what it is now.
#[derive(Debug, Object)]
struct Stale<T: Type + ToJSON + ParseFromJSON> {
    /// Always `about:blank`.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What went wrong, for a person.
    detail: String,
    /// `stale`.
    code: String,
    /// Identifies this request in the server's log.
    request_id: String,
    /// Always absent: nothing is wrong in the request itself.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<ProblemFault>>,
    /// What it is now.
    current: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(lines: &[&str]) -> Option<IfMatch> {
        let mut request = Request::builder();
        for line in lines {
            request = request.header(header::IF_MATCH, *line);
        }
        IfMatch::of(&request.finish())
    }

    #[test]
    fn a_change_names_the_revision_whatever_else_the_answer_held() {
        let (tag, _) = tagged(3, &"a".to_owned());
        let (other, _) = tagged(3, &"b".to_owned());
        assert_ne!(tag, other, "another answer has another tag");
        for tag in [&tag, &other, "\"3\"", "*"] {
            assert!(named(&[tag]).unwrap().allows(3), "{tag}");
        }
        assert!(!named(&[&tag]).unwrap().allows(4));
        assert!(named(&["\"2\", \"3.x\""]).unwrap().allows(3));
        assert!(named(&["\"2\"", "\"3\""]).unwrap().allows(3));
    }

    #[test]
    fn what_is_no_tag_of_ours_names_nothing() {
        for line in ["3", "W/\"3\"", "\"x\"", "", "\"3"] {
            assert_eq!(named(&[line]), Some(IfMatch::Revisions(vec![])), "{line:?}");
        }
        assert_eq!(named(&[]), None);
    }
}
