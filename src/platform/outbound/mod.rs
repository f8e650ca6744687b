//! Requests to other hosts: the one client for them, careful about where it connects and how long it waits.
//!
//! - A host's name is resolved once, and the connection goes to what was resolved: what a second look would say doesn't matter.
//! - Addresses of private networks, of this machine and of nobody are refused, unless `outbound_private` allows them.
//! - A redirect is followed on the same origin alone, three times at most: what a provider vouches for is its own host.
//! - Everything has one deadline, from the resolution to the last byte of the answer, and a bound in bytes.
//! - A host that fails again and again is left alone for a while (`breaker`), and is never asked more often than its rate allows. Both
//!   count in this process; budgets that count for the installation are rows of whoever spends them.
//! - Queries are never logged: they may hold a key.
//! - An [`Endpoint`] is a host that the operator runs or rents for this installation, such as a blob store: it may be in a private
//!   network, takes every method, and sends and takes bodies as streams.

mod address;
mod breaker;
mod config;
mod connection;
mod endpoint;
mod metrics;
mod store;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use hyper::Uri;

use self::{
    breaker::{Breaker, Refused},
    connection::{Asked, Connector, Origin},
};
pub use self::{
    config::{OutboundConfig, check_url},
    endpoint::{Endpoint, EndpointAnswer, ReplyParts, Sent},
    metrics::OutboundMetrics,
    store::MonthlyBudget,
};
use super::{clock, secret::Secret};

/// Redirects that are followed.
const REDIRECTS: usize = 3;

/// What a host is, and how it is asked.
#[derive(Clone, Debug)]
pub struct HostSettings {
    /// Its name in logs and metrics.
    pub name: &'static str,
    /// Its URL, with a path if all requests begin with one.
    pub base: String,
    /// How long one request may take in all.
    pub deadline: Duration,
    /// Requests a minute at most.
    pub per_minute: u32,
    /// Bytes of an answer at most.
    pub max_bytes: usize,
}

/// An answer, of whatever status below 500 except 429.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer. The texts hold no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The URL of the host is none.
    #[error("{0} is no URL of a host (https://host/path)")]
    Url(String),
    /// It failed so often that it is left alone until that time, in milliseconds since the Unix epoch.
    #[error("it has failed repeatedly and is not asked for a while")]
    Open(i64),
    /// It may not be asked before that time, in milliseconds since the Unix epoch.
    #[error("it was asked as often as it may be")]
    TooSoon(i64),
    /// Its name stands for addresses of private networks only.
    #[error("its address is of a private network, and outbound_private is not set")]
    Private,
    /// It can't be reached, or the connection broke.
    #[error("{0}")]
    Connection(String),
    /// It did not answer in time.
    #[error("it did not answer in time")]
    Late,
    /// It redirects to another host, or too often.
    #[error("it redirects to another place")]
    Redirected,
    /// The answer is larger than it may be.
    #[error("its answer is too large")]
    TooLarge,
    /// It answered that it can't: 429 or 5xx. It may be asked again after that time, in milliseconds since the Unix epoch.
    #[error("it answered {0}")]
    Unwell(u16, i64),
}

impl OutboundError {
    /// Whether it can make sense to ask again, and from when, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn retry_at_ms(&self) -> Option<i64> {
        match self {
            Self::Open(at_ms) | Self::TooSoon(at_ms) | Self::Unwell(_, at_ms) => Some(*at_ms),
            Self::Connection(_) | Self::Late => Some(clock::now_ms()),
            Self::Url(_) | Self::Private | Self::Redirected | Self::TooLarge => None,
        }
    }

    /// Whether the host is to blame, in a way that may pass.
    fn is_failure(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Late | Self::Unwell(..))
    }

    fn outcome(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::TooSoon(_) => "too_soon",
            Self::Connection(_) => "connection",
            Self::Late => "late",
            Self::Unwell(..) => "unwell",
            Self::Url(_) | Self::Private | Self::Redirected | Self::TooLarge => "refused",
        }
    }
}

/// Asks other hosts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound {
    connector: Arc<Connector>,
    user_agent: String,
    metrics: OutboundMetrics,
}

/// A host that can be asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Host(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: HostSettings,
    origin: Origin,
    outbound: Outbound,
    breaker: Mutex<Breaker>,
}

impl Outbound {
    /// A client for this installation.
    #[must_use]
    pub fn new(config: &OutboundConfig, public_url: &str, metrics: &OutboundMetrics) -> Self {
        // Providers ask for one that says who it is.
        let user_agent = format!("Cairn/{} (+{public_url})", env!("CARGO_PKG_VERSION"));
        Self { connector: Arc::new(Connector::new(config.outbound_private)), user_agent, metrics: metrics.clone() }
    }

    /// A host.
    ///
    /// # Errors
    /// [`OutboundError::Url`].
    pub fn host(&self, settings: HostSettings) -> Result<Host, OutboundError> {
        let origin = Origin::parse(&settings.base).ok_or_else(|| OutboundError::Url(settings.base.clone()))?;
        let breaker = Mutex::new(Breaker::new(settings.per_minute));
        Ok(Host(Arc::new(Inner { settings, origin, outbound: self.clone(), breaker })))
    }
}

impl Host {
    /// Asks for a path below the host's URL, with a query that is encoded already.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn get(&self, path_and_query: &str) -> Result<Answer, OutboundError> {
        self.ask(path_and_query, &Asked::default()).await
    }

    /// The same with an `Authorization`.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn get_authorized(&self, path_and_query: &str, authorization: Secret) -> Result<Answer, OutboundError> {
        self.ask(path_and_query, &Asked { form: None, authorization: Some(authorization) }).await
    }

    /// Posts a form that is encoded already, perhaps with an `Authorization`. Redirects are not followed.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn post_form(
        &self,
        path_and_query: &str,
        form: Secret,
        authorization: Option<Secret>,
    ) -> Result<Answer, OutboundError> {
        self.ask(path_and_query, &Asked { form: Some(form), authorization }).await
    }

    async fn ask(&self, path_and_query: &str, asked: &Asked) -> Result<Answer, OutboundError> {
        let Inner { settings, outbound, .. } = &*self.0;
        let asked = self.ask_once(path_and_query, asked).await;
        let outcome = asked.as_ref().map_or_else(OutboundError::outcome, |_| "answered");
        outbound.metrics.asked(settings.name, outcome);
        if let Err(error) = &asked {
            tracing::info!(host = settings.name, %error, "asking another host failed");
        }
        asked
    }

    async fn ask_once(&self, path_and_query: &str, asked: &Asked) -> Result<Answer, OutboundError> {
        let Inner { settings, .. } = &*self.0;
        self.breaker(Breaker::admit).map_err(|refused| match refused {
            Refused::Open(at_ms) => OutboundError::Open(at_ms),
            Refused::TooSoon(at_ms) => OutboundError::TooSoon(at_ms),
        })?;
        let asked = tokio::time::timeout(settings.deadline, self.follow(path_and_query, asked)).await;
        let asked = asked.unwrap_or(Err(OutboundError::Late));
        match &asked {
            Err(error) if error.is_failure() => self.breaker(|breaker| breaker.failed(error.retry_at_ms())),
            _ => self.breaker(Breaker::succeeded),
        }
        asked
    }

    fn breaker<T>(&self, change: impl FnOnce(&mut Breaker) -> T) -> T {
        change(&mut self.0.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn follow(&self, path_and_query: &str, asked: &Asked) -> Result<Answer, OutboundError> {
        let Inner { settings, origin, outbound, .. } = &*self.0;
        let mut target = origin.target(path_and_query).ok_or_else(|| OutboundError::Url(settings.base.clone()))?;
        for _ in 0..=REDIRECTS {
            let reply =
                outbound.connector.ask(origin, &target, &outbound.user_agent, asked, settings.max_bytes).await?;
            match reply.status {
                300..=399 if asked.form.is_some() => return Err(OutboundError::Redirected),
                300..=399 => {
                    let location: Option<Uri> = reply.location.and_then(|location| location.parse().ok());
                    target = location.and_then(|location| origin.same(&location)).ok_or(OutboundError::Redirected)?;
                }
                status @ (429 | 500..) => {
                    let wait = reply.retry_after.unwrap_or_default();
                    return Err(OutboundError::Unwell(status, clock::ms_from_now(wait)));
                }
                status => return Ok(Answer { status, body: reply.body }),
            }
        }
        Err(OutboundError::Redirected)
    }
}
