//! Subject asks: the [`Caller`] of a request, found by the key in its `X-API-Key` header.
//!
//! What a key opens the application knows, and hands in as [`KeyVerifier`]. A key that is shown must be valid, also where none is
//! needed: a game whose key was revoked shall learn that, not write into another world.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use poem::{
    Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use poem_openapi::{
    payload,
    registry::{MetaSecurityScheme, Registry},
};

use crate::{
    http::{
        cacheable::{Audience, PRIVATE},
        problem::Problem,
        rate_limit,
        scheme::scheme_extractor,
    },
    identity::access::model::{Grant, KeyRefused, Permission, PublicWorld},
    platform::{error::Kind, rate_limit::Subject},
};

/// The header that carries a key.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What a key opens, if that is known without waiting.
pub type AtHand = dyn Fn(&[u8]) -> Option<Arc<Grant>> + Send + Sync;

/// What a key opens.
pub type LookUp = dyn Fn(String) -> BoxFuture<'static, Result<Arc<Grant>, KeyRefused>> + Send + Sync;

/// The world that anyone may read who names it so.
pub type Public = dyn Fn(&str) -> Option<Arc<PublicWorld>> + Send + Sync;

/// An answer to a caller who shows a key: nobody else's.
pub fn private<T>(payload: T) -> payload::Response<T> {
    payload::Response::new(payload).header(header::CACHE_CONTROL, PRIVATE).header(header::VARY, "X-API-Key")
}

/// Tells what keys open, and names without one; handed in by the application. Cheap to clone.
#[derive(Clone)]
pub struct KeyVerifier {
    try_get: Arc<AtHand>,
    look_up: Arc<LookUp>,
    public: Arc<Public>,
}

impl fmt::Debug for KeyVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyVerifier").finish_non_exhaustive()
    }
}

/// Subject asks.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Somebody who shows nothing.
    Nobody,
    /// A game, or a studio's server, by its key.
    Key(Arc<Grant>),
}

impl Caller {
    /// Whose an answer to it is.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Nobody => Audience::Public,
            Self::Key(_) => Audience::KeyHolder,
        }
    }
}

/// What a key opens, if it may do that there.
///
/// # Errors
/// It may not.
pub fn allowed(grant: &Grant, needs: Permission) -> Result<&Grant, Problem> {
    if grant.scopes.has(needs) {
        return Ok(grant);
    }
    let detail = format!("This needs a key with the scope {}; this one has: {}.", needs.name(), grant.scopes);
    Err(Problem::new(Kind::Forbidden, "scope_missing", detail))
}

impl KeyVerifier {
    /// These.
    pub fn new(try_get: Arc<AtHand>, look_up: Arc<LookUp>, public: Arc<Public>) -> Self {
        Self { try_get, look_up, public }
    }

    /// The world that anyone may read who names it so.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        (self.public)(name)
    }

    /// Subject asks, if that is known without waiting.
    #[must_use]
    pub fn try_get(&self, headers: &HeaderMap) -> Option<Caller> {
        let mut shown = headers.get_all(API_KEY).iter();
        match (shown.next(), shown.next()) {
            (None, _) => Some(Caller::Nobody),
            (Some(key), None) => (self.try_get)(key.as_bytes()).map(Caller::Key),
            (Some(_), Some(_)) => None,
        }
    }

    /// Subject asks.
    ///
    /// # Errors
    /// The key is not valid, or nobody can tell now.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        if let Some(caller) = self.try_get(headers) {
            return Ok(caller);
        }
        let shown: Vec<&HeaderValue> = headers.get_all(API_KEY).iter().collect();
        let refused = match shown.as_slice() {
            [key] => match key.to_str() {
                Ok(key) => match (self.look_up)(key.to_owned()).await {
                    Ok(grant) => return Ok(Caller::Key(grant)),
                    Err(refused) => refused,
                },
                Err(_) => KeyRefused::Invalid,
            },
            _ => KeyRefused::Invalid,
        };
        Err(match refused {
            KeyRefused::Invalid => {
                let detail = "The key in X-API-Key is not valid: it is no key, a wrong one, or revoked.";
                Problem::new(Kind::Unauthenticated, "key_invalid", detail)
            }
            KeyRefused::Away => Problem::new(Kind::Unavailable, "keys_away", "Keys can't be looked up now. Try again."),
        })
    }
}

/// A caller who shows a key, whatever it may do.
#[derive(Clone, Debug)]
pub struct KeyCaller(pub Arc<Grant>);

/// The name of the scheme in the description.
pub(super) const SCHEME: &str = "ApiKey";

pub(super) fn describe(registry: &mut Registry) {
    let scheme = MetaSecurityScheme {
        ty: "apiKey",
        description: Some(
            "A key opens one game in one environment. Publishable keys (`ck_`) ship inside the game; secret keys (`sk_`) \
             stay with the studio's servers.",
        ),
        name: Some("X-API-Key"),
        key_in: Some("header"),
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(SCHEME, scheme);
}

/// Subject asks, by the key.
///
/// # Errors
/// The key is not valid, or nobody can tell now.
pub(super) async fn caller_of(request: &Request) -> Result<Caller, Problem> {
    // The application has put it there.
    let caller = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?.caller(request.headers()).await?;
    if let Caller::Key(grant) = &caller {
        rate_limit::count(request, || Subject::Key(Arc::clone(&grant.key)))?;
    }
    Ok(caller)
}

scheme_extractor!(Caller, [SCHEME], needed: false, describe, caller_of);

impl KeyCaller {
    async fn of(request: &Request) -> Result<Self, Problem> {
        match caller_of(request).await? {
            Caller::Key(grant) => Ok(Self(grant)),
            Caller::Nobody => Err(key_needed()),
        }
    }
}

scheme_extractor!(KeyCaller, [SCHEME], needed: true, describe, Self::of);

pub(super) fn key_needed() -> Problem {
    Problem::new(Kind::Unauthenticated, "key_needed", "This needs a key, in X-API-Key.")
}
