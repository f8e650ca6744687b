//! The envelope around every response: request id, a log line, problems, CORS, `Connection: close` while the server
//! drains.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use ipnet::IpNet;
use poem::{
    Addr, Endpoint, Middleware, PathPattern, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};
use tokio::time::Instant;

use super::{
    answer_log::AnswerLog, conditional::IfMatch, header_lines::HeaderLines, metrics::RequestMetrics, problem::Problem,
    rate_limit::Quotas, refusal::Refusal, unread_body::Unread,
};
use crate::platform::{clock, error::Kind};

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The response headers that a page of another origin may read.
pub const EXPOSED: &str = "Accept-Ranges, Content-Disposition, Content-Range, Date, ETag, RateLimit, RateLimit-Policy, \
     Retry-After, WWW-Authenticate, X-Request-Id";

/// A request that takes longer is logged as a warning.
const SLOW: Duration = Duration::from_secs(1);

/// Which origins a browser may call from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Any. No cookie is ever taken from another origin, so any may read.
    Any,
    /// These, and no other.
    Only(Vec<String>),
}

/// The envelope's settings.
#[derive(Debug)]
pub struct Settings {
    /// A request id that comes from these addresses is kept.
    pub trusted_proxies: Vec<IpNet>,
    /// Which origins a browser may call from.
    pub cors: Cors,
    /// The methods of each path template, for `Allow`.
    pub methods: BTreeMap<String, Vec<Method>>,
    /// Set when the server is about to stop: every response then closes its connection.
    pub draining: Arc<AtomicBool>,
    /// Where responses are counted.
    pub metrics: RequestMetrics,
    /// Which responses get a line in the log.
    pub log: AnswerLog,
}

/// Puts the envelope around an endpoint.
#[derive(Clone, Debug)]
pub struct Envelope(pub Arc<Settings>);

impl<E: Endpoint> Middleware<E> for Envelope {
    type Output = Enveloped<E>;

    fn transform(&self, inner: E) -> Enveloped<E> {
        Enveloped { inner, settings: Arc::clone(&self.0) }
    }
}

/// An endpoint in its envelope.
#[derive(Debug)]
pub struct Enveloped<E> {
    inner: E,
    settings: Arc<Settings>,
}

impl<E: Endpoint> Endpoint for Enveloped<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let settings = &*self.settings;
        let peer = match &request.remote_addr().0 {
            Addr::SocketAddr(peer) => Some(peer.ip()),
            _ => None,
        };
        let info = settings.begin(request.method(), &HeaderLines::of(request.headers()), peer);
        let body = Unread::of(&mut request);
        let refusal = request.data::<Refusal>().copied();
        let if_match = IfMatch::of(&request);
        let mut response = if let Some(refusal) = refusal {
            refusal.problem().into_response(info.id())
        } else if info.is_preflight {
            Response::builder().status(StatusCode::NO_CONTENT).finish()
        } else {
            settings.answer(&self.inner, request, info.id()).await
        };
        let route = response.data::<PathPattern>().map_or("none", |pattern| &*pattern.0).to_owned();
        if if_match.is_some_and(|if_match| !if_match.allows(&response)) {
            let detail = "If-Match names another version than there is.";
            response = Problem::new(Kind::PreconditionFailed, "precondition_failed", detail).into_response(info.id());
        }
        let (method, status) = (info.method.clone(), response.status().as_u16());
        let took = settings.finish(info, &route, status, response.headers_mut());
        if refusal.is_some() || !body.discard().await {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        settings.metrics.answered(method.as_str(), &route, status, took);
        Ok(response)
    }
}

/// The data of a request that the envelope needs when it is answered.
#[derive(Debug)]
pub struct RequestInfo {
    began: Instant,
    id: HeaderValue,
    method: Method,
    origin: Option<HeaderValue>,
    is_preflight: bool,
}

impl RequestInfo {
    fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }
}

impl Settings {
    /// Reads what will be needed of a request when it is answered.
    #[must_use]
    pub fn begin(&self, method: &Method, headers: &HeaderLines<'_>, peer: Option<IpAddr>) -> RequestInfo {
        let origin = headers.origin.first().cloned();
        let is_preflight = method == Method::OPTIONS
            && origin.is_some()
            && headers.all.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        RequestInfo {
            began: Instant::now(),
            id: self.request_id(headers, peer),
            method: method.clone(),
            origin,
            is_preflight,
        }
    }

    /// Adds the headers of every response and writes the log line. Returns how long the request took.
    pub fn finish(&self, info: RequestInfo, route: &str, status: u16, headers: &mut HeaderMap) -> Duration {
        self.add_cors(info.origin.as_ref(), info.is_preflight, headers);
        if self.draining.load(Ordering::Relaxed) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let took = info.began.elapsed();
        self.log(&info, route, status, took);
        match headers.iter_mut().next() {
            // Prepared responses reserve the first place for it.
            Some((name, value)) if name == REQUEST_ID => *value = info.id,
            _ => drop(headers.insert(REQUEST_ID, info.id)),
        }
        took
    }

    fn log(&self, info: &RequestInfo, route: &str, status: u16, took: Duration) {
        if self.log.has_line(status) {
            log(info, route, status, took);
        }
    }

    /// The id and the body of an answer that is given before there is a request that could be read. Writes the log line.
    pub fn refuse(&self, problem: &Problem, peer: Option<IpAddr>) -> (HeaderValue, Vec<u8>) {
        let info = self.begin(&Method::default(), &HeaderLines::of(&HeaderMap::new()), peer);
        let (body, status) = (problem.body(info.id()), problem.status().as_u16());
        let took = info.began.elapsed();
        self.log(&info, "none", status, took);
        self.metrics.answered("unreadable", "none", status, took);
        (info.id, body)
    }

    async fn answer(&self, inner: &impl Endpoint, request: Request, id: &str) -> Response {
        let error = match AssertUnwindSafe(inner.get_response_or_error(request)).catch_unwind().await {
            Ok(Ok(response)) => return response,
            Ok(Err(error)) => error,
            Err(_) => {
                tracing::error!(request.id = id, "a handler panicked");
                return Problem::internal().into_response(id);
            }
        };
        let problem = error.downcast_ref::<Problem>().cloned().unwrap_or_else(|| Problem::of_framework(&error));
        let mut response = problem.into_response(id);
        if let Some(quotas) = error.data::<Quotas>() {
            quotas.write(response.headers_mut());
        }
        if let Some(pattern) = error.data::<PathPattern>() {
            if response.status() == StatusCode::METHOD_NOT_ALLOWED
                && let Some(methods) = self.methods.get(&*pattern.0)
            {
                let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
                if let Ok(allow) = HeaderValue::from_str(&names.join(", ")) {
                    response.headers_mut().insert(header::ALLOW, allow);
                }
            }
            response.set_data(pattern.clone());
        }
        response
    }

    /// The id that a trusted proxy sent, or a new one: a UUID of version 7, which need not be unpredictable.
    fn request_id(&self, headers: &HeaderLines<'_>, peer: Option<IpAddr>) -> HeaderValue {
        let plain = |id: &&HeaderValue| {
            let of_id = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            (1..=64).contains(&id.len()) && id.as_bytes().iter().all(of_id)
        };
        if peer.is_some_and(|peer| self.trusts(peer))
            && let Some(given) = headers.request_id.first().filter(plain)
        {
            return given.clone();
        }
        let mut random = [0; 10];
        fastrand::fill(&mut random);
        let now_ms = u64::try_from(clock::now_ms()).unwrap_or_default();
        let id = uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid();
        let mut text = uuid::Uuid::encode_buffer();
        HeaderValue::from_str(id.simple().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static("none"))
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&peer.to_canonical()))
    }

    fn add_cors(&self, origin: Option<&HeaderValue>, preflight: bool, headers: &mut HeaderMap) {
        // Not a request of a page; or a response that is public to all origins and has the header already.
        if (origin.is_none() && matches!(self.cors, Cors::Any))
            || headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        {
            return;
        }
        let allowed = match &self.cors {
            Cors::Any => HeaderValue::from_static("*"),
            Cors::Only(listed) => {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
                match origin.filter(|origin| listed.iter().any(|one| one.as_bytes() == origin.as_bytes())) {
                    Some(origin) => origin.clone(),
                    None => return,
                }
            }
        };
        if origin.is_none() {
            return;
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        let extra = if preflight {
            [
                (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE"),
                (
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    "Authorization, Cairn-Proof, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, Range, \
                     X-Amz-Checksum-Sha256, X-API-Key",
                ),
                (header::ACCESS_CONTROL_MAX_AGE, "86400"),
            ]
            .as_slice()
        } else {
            [(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED)].as_slice()
        };
        for (name, value) in extra {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Calls an endpoint and keeps its error, which [`Endpoint::get_response`] would turn into plain text.
trait ResponseOrError: Endpoint {
    fn get_response_or_error(&self, request: Request) -> impl Future<Output = Result<Response>> + Send;
}

impl<E: Endpoint> ResponseOrError for E {
    async fn get_response_or_error(&self, request: Request) -> Result<Response> {
        self.call(request).await.map(poem::IntoResponse::into_response)
    }
}

/// Logs one line for each request: server errors as errors or warnings, slow requests as warnings, client errors as
/// info, the rest as debug, so that a healthy server logs little.
fn log(info: &RequestInfo, route: &str, status: u16, took: Duration) {
    macro_rules! line {
        ($level:ident) => {{
            let took_ms = || (took.as_secs_f64() * 1e6).round() / 1e3;
            let (id, method) = (|| info.id(), &info.method);
            tracing::$level!(request.id = id(), %method, route, status, took_ms = took_ms(), "answered")
        }};
    }
    match status {
        503 => line!(warn),
        500.. => line!(error),
        _ if took > SLOW => line!(warn),
        400.. => line!(info),
        _ => line!(debug),
    }
}
