//! Limits of requests a minute, around the routes that have them (`is_limited`); reads that are at hand have none, since
//! one costs less than counting it.
//!
//! Subject asks is counted where it is found out: the network here, the key, the player and the account by what reads them from
//! the request ([`count`]). So nothing is looked up twice, and nobody can use up what is another's.
//!
//! How one stands is told by the fields of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` with the quota (`q`)
//! in a window of seconds (`w`), `RateLimit` with what remains (`r`) and the seconds until it is all there again (`t`).

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method},
};

use super::{
    client::Client,
    problem::{Problem, RATELIMIT},
};
use crate::platform::{
    clock,
    error::Kind,
    rate_limit::{By, RateLimiter, Standing, Subject, WINDOW},
};

/// What each limit is; what is left of it stands in [`RATELIMIT`].
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Whether requests to that path are counted.
fn is_limited(method: &Method, path: &str) -> bool {
    path.starts_with("/v1/") || (path == "/add-object" && method == Method::POST)
}

/// Counts the requests that reach an endpoint.
#[derive(Clone, Debug)]
pub struct Limiting(pub RateLimiter);

impl<E: Endpoint<Output = Response>> Middleware<E> for Limiting {
    type Output = Limited<E>;

    fn transform(&self, inner: E) -> Limited<E> {
        Limited { inner, rate_limit: self.0.clone(), warned_at: AtomicI64::new(0) }
    }
}

/// An endpoint whose requests are counted.
#[derive(Debug)]
pub struct Limited<E> {
    inner: E,
    rate_limit: RateLimiter,
    /// The minute in which a warning was last written.
    warned_at: AtomicI64,
}

/// How a request stands with the limits that it has met so far.
#[derive(Clone, Debug)]
pub struct Standings {
    rate_limit: RateLimiter,
    met: Arc<Mutex<Vec<Standing>>>,
}

/// Counts the request, where its path has limits.
///
/// # Errors
/// It is one too many.
pub fn count(request: &Request, who: impl FnOnce() -> Subject) -> Result<(), Problem> {
    request.data::<Standings>().map_or(Ok(()), |standings| standings.count(&who()))
}

impl Standings {
    fn count(&self, who: &Subject) -> Result<(), Problem> {
        let Some(standing) = self.rate_limit.count(who) else { return Ok(()) };
        self.met.lock().unwrap_or_else(PoisonError::into_inner).push(standing);
        if standing.left.is_some() {
            return Ok(());
        }
        let whose = match standing.by {
            By::Key => "with this key",
            By::Player => "of this player",
            By::Account => "of this account",
            By::Address => "from this network",
        };
        let detail = format!("Too many requests {whose}: {} a minute.", standing.limit);
        Err(Problem::new(Kind::TooMany, "rate_limited", detail).with_retry_after(standing.renewed_in))
    }

    /// Tells how it stands in the headers of an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let list = |item: &dyn Fn(&Standing) -> String| met.iter().map(item).collect::<Vec<_>>().join(", ");
        let window = WINDOW.as_secs();
        let policy = list(&|one| format!("\"{}\";q={};w={window}", one.by.name(), one.limit));
        let left = list(&|one| {
            let secs = one.renewed_in.as_millis().div_ceil(1000);
            format!("\"{}\";r={};t={secs}", one.by.name(), one.left.unwrap_or_default())
        });
        for (name, text) in [(POLICY, policy), (RATELIMIT, left)] {
            if let Some(value) = HeaderValue::try_from(text).ok().filter(|value| !value.is_empty()) {
                headers.append(name, value);
            }
        }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Limited<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if !is_limited(request.method(), request.uri().path()) {
            return self.inner.call(request).await;
        }
        let standings = Standings { rate_limit: self.rate_limit.clone(), met: Arc::default() };
        request.set_data(standings.clone());
        let address = Client::address_of(&request)?;
        let outcome = match standings.count(&Subject::at(address)) {
            Ok(()) => self.inner.call(request).await,
            Err(problem) => {
                self.warn_of_a_proxy(&request);
                Err(problem.into())
            }
        };
        match outcome {
            Ok(mut response) => {
                standings.write(response.headers_mut());
                Ok(response)
            }
            Err(mut error) => {
                // The envelope makes the answer, and writes them there.
                error.set_data(standings);
                Err(error)
            }
        }
    }
}

impl<E> Limited<E> {
    /// A proxy that nobody has told us of makes one network of all that come through it. Once a minute, since anybody can
    /// send the header.
    fn warn_of_a_proxy(&self, request: &Request) {
        let minute = clock::now_ms() / 60_000;
        if request.headers().contains_key("x-forwarded-for")
            && !Client::is_behind_trusted_proxy(request)
            && self.warned_at.swap(minute, Ordering::Relaxed) != minute
        {
            tracing::warn!(
                "requests are refused by the limit of their network, and say that they come through a proxy that is not in \
                 trusted_proxies"
            );
        }
    }
}
