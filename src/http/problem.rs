//! Problems (RFC 9457): the form of every error response, the framework's own included.

use std::{collections::HashMap, fmt, time::Duration};

use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use poem_openapi::{Object, error::ParseParamError};
use serde::Serialize;

use crate::platform::error::{DomainError, Fault, Kind, StoreError, with_causes};

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The `RateLimit` header (draft-ietf-httpapi-ratelimit-headers): here it names the limit that is exhausted.
pub const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The shortest `Retry-After`.
const RETRY_AFTER_SECS: u64 = 1;

/// An error response: what went wrong, in words for the caller. Internal details go to the log instead.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    faults: Vec<Fault>,
    retry_after_secs: u64,
    /// The name of the exhausted limit.
    exhausted_limit: Option<&'static str>,
    challenge: &'static str,
    /// A member of its own (RFC 9457, 3.2).
    member: Option<Box<(&'static str, serde_json::Value)>>,
}

impl Problem {
    /// A problem of that kind.
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        Self::of_status(status_of(kind), code, detail.into())
    }

    fn of_status(status: StatusCode, code: &'static str, detail: String) -> Self {
        Self {
            status,
            code,
            detail,
            faults: Vec::new(),
            retry_after_secs: RETRY_AFTER_SECS,
            exhausted_limit: None,
            challenge: API_KEY,
            member: None,
        }
    }

    /// What was sent is invalid: these are the faults.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::new(Kind::Invalid, "invalid", Fault::summary(&faults)).with_faults(faults)
    }

    /// Adds what is wrong in the request, and where.
    #[must_use]
    pub fn with_faults(self, faults: Vec<Fault>) -> Self {
        Self { faults, ..self }
    }

    /// Adds sentences to the detail.
    #[must_use]
    pub fn with_more_detail(self, more: &str) -> Self {
        Self { detail: self.detail + more, ..self }
    }

    /// Adds a member beside those that every problem has.
    #[must_use]
    pub fn with_member(self, name: &'static str, value: serde_json::Value) -> Self {
        Self { member: Some(Box::new((name, value))), ..self }
    }

    /// Sets `Retry-After`, rounded up to whole seconds, at least one.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self { retry_after_secs: secs.max(RETRY_AFTER_SECS), ..self }
    }

    /// Names the limit that is exhausted, and sets `Retry-After`: how long until some of it is available again.
    #[must_use]
    pub fn with_exhausted_limit(self, limit: &'static str, wait: Duration) -> Self {
        Self { exhausted_limit: Some(limit), ..self.with_retry_after(wait) }
    }

    /// Asks for a token (`WWW-Authenticate: Bearer`) in place of a key.
    #[must_use]
    pub fn with_bearer_challenge(self) -> Self {
        Self { challenge: BEARER, ..self }
    }

    /// Asks for a user name and a password.
    #[must_use]
    pub fn with_basic_challenge(self) -> Self {
        Self { challenge: BASIC, ..self }
    }

    /// Asks for a key or a token.
    #[must_use]
    pub fn with_both_challenges(self) -> Self {
        Self { challenge: API_KEY_OR_BEARER, ..self }
    }

    /// The problem for an error of the framework.
    pub(super) fn of_framework(error: &poem::Error) -> Self {
        if let Some(ParseParamError { name, reason }) = error.downcast_ref::<ParseParamError>() {
            return Self::invalid(vec![Fault::new(format!("?{name}"), reason.clone())]);
        }
        let status = error.status();
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("route_not_found", "There is nothing at this path.".to_owned()),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "This path does not support that method; see the Allow header.".to_owned())
            }
            _ if status.is_server_error() => {
                tracing::error!(%error, "request failed: a handler returned an error");
                ("internal", INTERNAL.to_owned())
            }
            _ => ("bad_request", error.to_string()),
        };
        Self::of_status(status, code, detail)
    }

    /// An internal error; the details must be in the log.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Kind::Internal, "internal", INTERNAL)
    }

    /// Logs an error with a message that says what failed, and returns [`Problem::internal`].
    pub fn internal_error(error: &(impl fmt::Display + ?Sized), message: &'static str) -> Self {
        tracing::error!(%error, "{message}");
        Self::internal()
    }

    fn of_domain(error: &dyn DomainError) -> Self {
        if let Some(wrapped) = error.wrapped() {
            return Self::of_domain(wrapped);
        }
        if let Some(cause) = error.store_error() {
            return cause.into();
        }
        let (kind, code) = error.kind();
        if kind == Kind::Internal {
            return Self::internal_error(error, "request failed: internal error");
        }
        let mut problem = Self::new(kind, code, error.to_string()).with_faults(error.faults().to_vec());
        if let Some((limit, wait)) = error.exhausted_limit() {
            problem = problem.with_exhausted_limit(limit, wait);
        }
        if error.needs_session() { problem.with_bearer_challenge() } else { problem }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body of its response.
    #[must_use]
    pub fn body(&self, request_id: &str) -> Vec<u8> {
        let problem = ProblemResponse {
            r#type: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.to_owned(),
            request_id: request_id.to_owned(),
            errors: Some(self.faults.iter().cloned().map(ProblemFault::from).collect())
                .filter(|faults: &Vec<_>| !faults.is_empty()),
            // It comes as the member of its own.
            proof: None,
        };
        let body = Body { problem, member: self.member.iter().map(|member| (**member).clone()).collect() };
        // Serialising strings and numbers can't fail.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The HTTP response.
    #[must_use]
    pub fn into_response(self, request_id: &str) -> Response {
        let mut response = Response::builder()
            .status(self.status)
            .content_type(PROBLEM_JSON)
            .header(header::CACHE_CONTROL, "no-store")
            .body(self.body(request_id));
        let headers = response.headers_mut();
        if let Some(limit) = self.exhausted_limit {
            let value = format!("\"{limit}\";r=0;t={}", self.retry_after_secs);
            headers.extend(HeaderValue::try_from(value).ok().map(|value| (RATELIMIT, value)));
        }
        match self.status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after_secs));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(self.challenge));
            }
            _ => {}
        }
        response
    }
}

/// The authentication scheme of a key in `X-API-Key`.
const API_KEY: &str = "ApiKey";

/// The authentication scheme of a player's token or a session in `Authorization`.
const BEARER: &str = "Bearer";

/// A user name and a password in `Authorization`.
const BASIC: &str = "Basic realm=\"Cairn\", charset=\"UTF-8\"";

/// Either of them.
const API_KEY_OR_BEARER: &str = "ApiKey, Bearer";

const INTERNAL: &str = "Something failed on our side; the log has it under this request_id.";

fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::TimedOut => StatusCode::REQUEST_TIMEOUT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Kind::UriTooLong => StatusCode::URI_TOO_LONG,
        Kind::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Kind::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Busy | Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl<E: DomainError> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::of_domain(&error)
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        match error.kind() {
            _ if matches!(error, StoreError::DiskFull(_)) => {
                tracing::error!(%error, "database can't store anything");
                let detail = "The disk of the database is full: nothing can be stored until there is room.";
                Self::new(Kind::Unavailable, "disk_full", detail)
            }
            Kind::Unavailable => {
                tracing::warn!(%error, "database unavailable");
                Self::new(Kind::Unavailable, "database_away", "The database is not available now. Try again.")
            }
            kind => {
                tracing::error!(error = with_causes(error), code = error.code(), "database statement failed");
                Self::new(kind, "internal", INTERNAL)
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        let status = problem.status;
        Self::new(problem, status)
    }
}

/// A problem with a member of its own.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    problem: ProblemResponse,
    #[serde(flatten)]
    member: HashMap<&'static str, serde_json::Value>,
}

/// The body of every error response (RFC 9457).
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Problem")]
pub(super) struct ProblemResponse {
    /// Always `about:blank`: `code` distinguishes problems of the same status.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What went wrong, for a person, with the limit where there is one.
    detail: String,
    /// What went wrong, for programs: a code that does not change.
    code: String,
    /// Identifies this request in the server's log.
    request_id: String,
    /// What is wrong in the request, one entry for each fault.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<ProblemFault>>,
    /// Where `code` is `proof_needed`: its `kind`, and what that asks for.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<serde_json::Value>,
}

/// One fault in the request.
#[derive(Clone, Debug, Object, Serialize)]
#[oai(rename = "ProblemFault")]
pub struct ProblemFault {
    /// Where: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter, or a header's name.
    pointer: String,
    /// What is wrong.
    detail: String,
}

impl From<Fault> for ProblemFault {
    fn from(Fault { pointer, detail }: Fault) -> Self {
        Self { pointer, detail }
    }
}
