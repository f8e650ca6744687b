//! The [`Caller`] of a request, found by the key in its `X-API-Key` header.
//!
//! Which keys are valid the application knows, and hands in as [`KeyVerifier`]. A key that is sent must be valid, even where
//! none is needed: a game whose key was revoked shall learn that, and not write into another world.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use poem::{
    Request,
    http::{HeaderMap, HeaderValue},
};
use poem_openapi::registry::{MetaSecurityScheme, Registry};

use crate::{
    http::{
        cacheable::Audience,
        header_lines::{API_KEY, HeaderLines, Lines},
        problem::Problem,
        rate_limit,
        scheme::scheme_extractor,
    },
    identity::access::{Grant, KeyRefused, Permission, PublicWorld, rate_classes},
    platform::error::Kind,
};

/// The grant of a key, where it is cached.
pub type VerifyCachedKey = dyn Fn(&[u8]) -> Option<Arc<Grant>> + Send + Sync;

/// The grant of a key.
pub type VerifyKey = dyn Fn(String) -> BoxFuture<'static, Result<Arc<Grant>, KeyRefused>> + Send + Sync;

/// The public world of a name: `studio/game` or `studio/game/dev`.
pub type FindPublicWorld = dyn Fn(&str) -> Option<Arc<PublicWorld>> + Send + Sync;

/// Verifies keys, and finds the worlds that anyone may read. Handed in by the application. Cheap to clone.
#[derive(Clone)]
pub struct KeyVerifier {
    verify_cached: Arc<VerifyCachedKey>,
    verify: Arc<VerifyKey>,
    public_world: Arc<FindPublicWorld>,
}

impl fmt::Debug for KeyVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyVerifier").finish_non_exhaustive()
    }
}

/// The caller of a request, by key.
#[derive(Clone, Debug)]
pub enum Caller {
    /// A caller without a key.
    Anonymous,
    /// A game or a studio's server, with a valid key.
    Key(Arc<Grant>),
}

impl Caller {
    /// Who may see an answer to this caller.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Anonymous => Audience::Public,
            Self::Key(_) => Audience::KeyHolder,
        }
    }
}

/// Returns the grant if it has a permission.
///
/// # Errors
/// 403 `scope_missing` when the grant lacks the permission.
#[inline]
pub fn require(grant: &Grant, permission: Permission) -> Result<&Grant, Problem> {
    if grant.permissions.contains(permission) {
        return Ok(grant);
    }
    let (needed, permissions) = (permission.name(), grant.permissions);
    let detail = format!("This needs a key with the scope {needed}; this one has: {permissions}.");
    Err(Problem::new(Kind::Forbidden, "scope_missing", detail))
}

impl KeyVerifier {
    /// A verifier of these functions.
    pub fn new(
        verify_cached: Arc<VerifyCachedKey>,
        verify: Arc<VerifyKey>,
        public_world: Arc<FindPublicWorld>,
    ) -> Self {
        Self { verify_cached, verify, public_world }
    }

    /// The public world of a name: `studio/game` or `studio/game/dev`.
    #[must_use]
    pub fn public_world(&self, name: &str) -> Option<Arc<PublicWorld>> {
        (self.public_world)(name)
    }

    /// The caller of a request with these headers, where that is known without waiting.
    #[inline]
    #[must_use]
    pub fn verify_cached(&self, headers: &HeaderLines<'_>) -> Option<Caller> {
        match headers.api_key {
            Lines::Missing => Some(Caller::Anonymous),
            Lines::One(key) => (self.verify_cached)(key.as_bytes()).map(Caller::Key),
            Lines::Several(_) => None,
        }
    }

    /// The caller of a request with these headers.
    ///
    /// # Errors
    /// The key is not valid (401 `key_invalid`), or can't be looked up now (503 `keys_away`).
    pub async fn verify(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        if let Some(caller) = self.verify_cached(&HeaderLines::of(headers)) {
            return Ok(caller);
        }
        let keys: Vec<&HeaderValue> = headers.get_all(API_KEY).iter().collect();
        let refused = match keys.as_slice() {
            [key] => match key.to_str() {
                Ok(key) => match (self.verify)(key.to_owned()).await {
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
            KeyRefused::Unavailable => {
                Problem::new(Kind::Unavailable, "keys_away", "Keys can't be looked up now. Try again.")
            }
        })
    }
}

/// A caller with a valid key, whatever its permissions.
#[derive(Clone, Debug)]
pub struct KeyCaller(pub Arc<Grant>);

/// The name of the security scheme in the description of the API.
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

/// The caller of a request, counted against the rate limit of its key.
///
/// # Errors
/// As [`KeyVerifier::verify`], or 429 `rate_limited`.
pub(super) async fn caller_of(request: &Request) -> Result<Caller, Problem> {
    // `app` adds it to each request.
    let verifier = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?;
    let caller = verifier.verify(request.headers()).await?;
    if let Caller::Key(grant) = &caller {
        rate_limit::count_shared(request, || rate_classes::key_subject(grant))?;
    }
    Ok(caller)
}

scheme_extractor!(Caller, [SCHEME], needed: false, refusals: [401, 403], params: Vec::new(), describe, caller_of);

impl KeyCaller {
    async fn extract(request: &Request) -> Result<Self, Problem> {
        match caller_of(request).await? {
            Caller::Key(grant) => Ok(Self(grant)),
            Caller::Anonymous => Err(key_needed()),
        }
    }
}

scheme_extractor!(KeyCaller, [SCHEME], needed: true, refusals: [401, 403], params: Vec::new(), describe, Self::extract);

pub(super) fn key_needed() -> Problem {
    Problem::new(Kind::Unauthenticated, "key_needed", "This needs a key, in X-API-Key.")
}
