//! Limits of requests per minute, around all routes but those that `counting` exempts. Reads that the fast path answers have none,
//! since such a read costs less than counting it.
//!
//! A request is counted where its subject becomes known: the network here; the key, the player and the account by the
//! extractors that read them from the request ([`count`]). So nothing is looked up twice, and nobody can use up the limit
//! of somebody else; of a key, which many share, no network can use up the others' part ([`count_shared`]).
//!
//! A request that costs the database much counts as several ([`RateLimiting::costs`]).
//!
//! Answers carry the fields of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` with the quota (`q`) in a window
//! of seconds (`w`), `RateLimit` with what remains of it (`r`) and the seconds until the window ends (`t`).

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
};

use super::{
    client::Client,
    dav, health,
    problem::{Problem, RATELIMIT},
    route_pattern,
};
use crate::platform::{
    byte_budget::{ByteBudget, Payer},
    clock,
    error::Kind,
    network::Network,
    rate_limit::{Quota, RateLimiter, Subject, WINDOW},
};

/// The header with each limit; what remains of it is in [`RATELIMIT`].
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// For whom a request is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counting {
    /// For nobody.
    Nobody,
    /// For its network alone, and the answer does not say what is left.
    Network,
    /// For all that it shows: network, key, player and account.
    All,
}

/// The routes that are exempt from a limit; every other request is counted, whether there is such a route or not.
const EXEMPT: [(Counting, &[&str]); 2] = [
    // Whoever watches over the server needs an answer in any case.
    (Counting::Nobody, &health::PATHS),
    // The reads of v0, which all players of a game make again and again. Most come from memory, on the fast path.
    (Counting::Network, &["/get-objects"]),
];

/// For whom requests to that path are counted.
pub(super) fn counting(path: &str) -> Counting {
    let found = EXEMPT.iter().find(|(_, paths)| paths.contains(&path));
    found.map_or(Counting::All, |(counting, _)| *counting)
}

/// What a request is taken to store, in bytes, that does not say: a few rows, and their entries in indexes.
const STORED_BYTES: i64 = 2_000;

/// Requests with the method of a change that store nothing.
const READS: [&str; 2] = ["/v1/traces/query", "/v1/traces/sync"];

/// Whether a request may make the database grow. Imports are the studio's own, and bounded by what its worlds may store.
fn may_store(method: &Method, path: &str) -> bool {
    !method.is_safe() && !dav::only_reads(method) && !READS.contains(&path) && !path.ends_with("/import")
}

/// Limits the requests that reach an endpoint.
#[derive(Clone, Debug)]
pub struct RateLimiting {
    /// Limits of requests.
    pub limiter: RateLimiter,
    /// Limits of what is stored.
    pub budget: ByteBudget,
    /// As how many requests each of these routes counts; the others count as one.
    pub costs: &'static [(Method, &'static str, u32)],
}

impl<E: Endpoint<Output = Response>> Middleware<E> for RateLimiting {
    type Output = RateLimited<E>;

    fn transform(&self, inner: E) -> RateLimited<E> {
        let Self { limiter, budget, costs } = self.clone();
        RateLimited { inner, limiter, budget, costs, warned_at: AtomicI64::new(0) }
    }
}

/// An endpoint whose requests are counted.
#[derive(Debug)]
pub struct RateLimited<E> {
    inner: E,
    limiter: RateLimiter,
    budget: ByteBudget,
    costs: &'static [(Method, &'static str, u32)],
    /// The minute in which a warning was last logged.
    warned_at: AtomicI64,
}

/// The quotas of the limits by which a request was counted so far.
#[derive(Clone, Debug)]
pub struct Quotas {
    limiter: RateLimiter,
    payer: Payer,
    /// As how many requests this one counts.
    cost: u32,
    counted: Arc<Mutex<Vec<Quota>>>,
}

/// Who pays for what a request stores; nobody where its path is not limited.
#[must_use]
pub fn payer(request: &Request) -> Payer {
    request.data::<Quotas>().map(|quotas| quotas.payer.clone()).unwrap_or_default()
}

/// Counts the request against the limit of a subject, where its path is limited.
///
/// # Errors
/// When the request exceeds the limit: 429 with `Retry-After`.
pub fn count(request: &Request, subject: impl FnOnce() -> Subject) -> Result<(), Problem> {
    request.data::<Quotas>().map_or(Ok(()), |quotas| quotas.count_payer(subject()))
}

/// Counts the request against the limit of a subject that many networks share.
///
/// # Errors
/// When the request exceeds the limit, and its network has had its part of it: 429 with `Retry-After`.
pub fn count_shared(request: &Request, subject: impl FnOnce() -> Subject) -> Result<(), Problem> {
    let Some(quotas) = request.data::<Quotas>() else { return Ok(()) };
    let network = Network::site(Client::address_of(request)?);
    let subject = subject();
    quotas.limiter.count_shared(&subject, network, quotas.cost).map_or(Ok(()), |quota| quotas.take(quota))?;
    quotas.payer.add(subject);
    Ok(())
}

impl Quotas {
    /// Counts the request against the limit of a subject, which pays for what the request stores.
    fn count_payer(&self, subject: Subject) -> Result<(), Problem> {
        self.count(&subject)?;
        self.payer.add(subject);
        Ok(())
    }

    fn count(&self, subject: &Subject) -> Result<(), Problem> {
        self.limiter.count(subject, self.cost).map_or(Ok(()), |quota| self.take(quota))
    }

    /// Notes a quota for the headers.
    fn take(&self, quota: Quota) -> Result<(), Problem> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).push(quota);
        if quota.remaining.is_some() {
            return Ok(());
        }
        let detail = format!("Too many requests {}: {} a minute.", quota.class.whose, quota.limit);
        Err(Problem::new(Kind::TooMany, "rate_limited", detail).with_retry_after(quota.resets_in))
    }

    /// Counts the request for the networks at an address. The headers show what remains of the one that is nearest to its limit.
    fn count_networks(&self, address: IpAddr) -> Result<(), Problem> {
        let mut nearest: Option<Quota> = None;
        for network in Network::nested(address) {
            let Some(quota) = self.limiter.count(&Subject::network(network), self.cost) else { return Ok(()) };
            // `None`, this request is too many, is the least.
            if nearest.is_none_or(|nearest| quota.remaining < nearest.remaining) {
                nearest = Some(quota);
            }
            if quota.remaining.is_none() {
                break;
            }
        }
        nearest.map_or(Ok(()), |quota| self.take(quota))
    }

    /// Writes the quotas into the headers of an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let list = |item: &dyn Fn(&Quota) -> String| counted.iter().map(item).collect::<Vec<_>>().join(", ");
        let window = WINDOW.as_secs();
        let policy = list(&|quota| format!("\"{}\";q={};w={window}", quota.class.name, quota.limit));
        let remaining = list(&|quota| {
            let secs = quota.resets_in.as_millis().div_ceil(1000);
            format!("\"{}\";r={};t={secs}", quota.class.name, quota.remaining.unwrap_or_default())
        });
        for (name, text) in [(POLICY, policy), (RATELIMIT, remaining)] {
            if let Some(value) = HeaderValue::try_from(text).ok().filter(|value| !value.is_empty()) {
                headers.append(name, value);
            }
        }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for RateLimited<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let counting = counting(request.uri().path());
        if counting == Counting::Nobody {
            return self.inner.call(request).await;
        }
        let address = Client::address_of(&request)?;
        let payer = self.budget.payer(Network::nested(address).map(Subject::network));
        let (limiter, cost) = (self.limiter.clone(), self.cost(&request));
        let quotas = Quotas { limiter, payer: payer.clone(), cost, counted: Arc::default() };
        if counting == Counting::All {
            request.set_data(quotas.clone());
        }
        let stores = may_store(request.method(), request.uri().path());
        let outcome = match quotas.count_networks(address) {
            Ok(()) => self.call_and_charge(request, stores.then_some(payer)).await,
            Err(problem) => {
                self.warn_of_a_proxy(&request);
                Err(problem.into())
            }
        };
        match outcome {
            Ok(mut response) => {
                if counting == Counting::All {
                    quotas.write(response.headers_mut());
                }
                Ok(response)
            }
            Err(error) if counting == Counting::Network && error.status() != StatusCode::TOO_MANY_REQUESTS => {
                Err(error)
            }
            Err(mut error) => {
                // The envelope makes the answer, and writes the quotas into it.
                error.set_data(quotas);
                Err(error)
            }
        }
    }
}

impl<E: Endpoint<Output = Response>> RateLimited<E> {
    /// As how many requests this one counts.
    fn cost(&self, request: &Request) -> u32 {
        let (method, path) = (request.method(), request.uri().path());
        let found = self.costs.iter().find(|(of, route, _)| of == method && route_pattern::matches(route, path));
        found.map_or(1, |(.., cost)| *cost)
    }

    /// Calls the endpoint. What it has stored is paid here if it has not paid itself, and nothing is stored for those who owe.
    async fn call_and_charge(&self, request: Request, payer: Option<Payer>) -> Result<Response> {
        let Some(payer) = payer else { return self.inner.call(request).await };
        // Who owes may still remove what they left.
        if request.method() != Method::DELETE {
            payer.check(STORED_BYTES).map_err(Problem::from)?;
        }
        let response = self.inner.call(request).await?;
        if response.is_success() && !payer.has_paid() {
            // What is owed afterwards is asked for before the next write.
            payer.owe(STORED_BYTES);
        }
        Ok(response)
    }
}

impl<E> RateLimited<E> {
    /// Warns of a proxy that is missing in `trusted_proxies`: all clients behind it are counted as one network. Once a
    /// minute at most, since anybody can send the header.
    fn warn_of_a_proxy(&self, request: &Request) {
        let minute = clock::now_ms() / 60_000;
        let headers = request.headers();
        if (headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded"))
            && !Client::is_behind_trusted_proxy(request)
            && self.warned_at.swap(minute, Ordering::Relaxed) != minute
        {
            tracing::warn!(
                "requests exceed the rate limit of their network and carry X-Forwarded-For or Forwarded: is their proxy missing in \
                 trusted_proxies?"
            );
        }
    }
}
