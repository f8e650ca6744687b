//! SessionVerifier of signed-in users, as they come with a request: a bearer token (tools), or a cookie (browsers).
//!
//! A browser sends a cookie along whoever made it send the request. So an unsafe request that rests on one is taken
//! only if the browser itself says that a page of ours made it: `Sec-Fetch-Site: same-origin`, or, from a browser that
//! does not send that (it does not over plain http), an `Origin` that is ours. No page can set or leave out either header,
//! every browser of today sends at least the second with every unsafe request, and a request with neither is refused. So
//! no token need be carried through forms. `SameSite=Lax` on the cookie is a second wall; what it lets pass, a link that
//! is followed, is a GET, and a GET changes nothing here.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use poem::{
    Request, RequestBody, Result,
    http::{HeaderMap, header},
};
use poem_openapi::registry::{MetaSecurityScheme, Registry};

use crate::{
    http::{problem::Problem, rate_limit, scheme::scheme_extractor},
    identity::access::user_id::UserId,
    platform::{error::Kind, rate_limit::Subject, secret::Secret},
};

/// The cookie's name; over https with the prefix by which browsers keep other hosts and http from setting it (RFC 6265bis
/// 4.1.3.2).
const COOKIE: &str = "cairn_session";

/// Subject a session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The user.
    pub user: UserId,
    /// The session's own id, which opens nothing.
    pub session: String,
}

/// Finds the session that a token opens; handed in by the application.
pub type Verifier = Arc<dyn Fn(Secret) -> BoxFuture<'static, Result<Option<SignedIn>, Problem>> + Send + Sync>;

/// How sessions come with requests.
#[derive(Clone)]
pub struct SessionVerifier {
    verifier: Verifier,
    /// Ours, as browsers write it: scheme, host, and port where it is not the scheme's own.
    origin: Arc<str>,
}

impl SessionVerifier {
    /// SessionVerifier that `verifier` knows, on a server whose users reach it at `origin`.
    #[must_use]
    pub fn new(verifier: Verifier, origin: &str) -> Self {
        Self { verifier, origin: origin.into() }
    }

    fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    fn cookie_name(&self) -> String {
        if self.is_https() { format!("__Host-{COOKIE}") } else { COOKIE.to_owned() }
    }

    fn of(request: &Request) -> Result<&Self, Problem> {
        request.data::<Self>().ok_or_else(Problem::internal)
    }

    /// The value of `Set-Cookie` that gives a browser its session.
    fn cookie(&self, value: &str, lasts: Duration) -> String {
        let secure = if self.is_https() { "; Secure" } else { "" };
        let (name, secs) = (self.cookie_name(), lasts.as_secs());
        format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Lax{secure}")
    }

    fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let told = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let ours = match told("sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => told("origin") == Some(&*self.origin),
        };
        if ours {
            return Ok(());
        }
        let detail = "A cookie was sent, and not by a page of ours: neither Sec-Fetch-Site nor Origin says so. Tools send \
                      their token as Authorization: Bearer.";
        Err(Problem::new(Kind::Forbidden, "cross_site", detail))
    }
}

/// The session of a request that needs one.
#[derive(Clone, Debug)]
pub struct Session(pub SignedIn);

/// How a browser is given a session, and how it is taken away again.
#[derive(Clone)]
pub struct Jar(SessionVerifier, HeaderMap);

impl Jar {
    /// Whether the browser may be given a session in answer to this request.
    ///
    /// # Errors
    /// No page of ours made it: nobody else may sign a browser in, not even as himself.
    pub fn check(&self) -> Result<(), Problem> {
        self.0.check_origin(&self.1)
    }

    /// The cookie that holds a session for so long.
    #[must_use]
    pub fn give(&self, token: &Secret, lasts: Duration) -> String {
        self.0.cookie(token.expose(), lasts)
    }

    /// The cookie that takes a session away.
    #[must_use]
    pub fn take(&self) -> String {
        self.0.cookie("", Duration::ZERO)
    }
}

impl<'a> poem::FromRequest<'a> for Jar {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self(SessionVerifier::of(request)?.clone(), request.headers().clone()))
    }
}

pub(super) fn describe(registry: &mut Registry) {
    let scheme = |ty, description| MetaSecurityScheme {
        ty,
        description: Some(description),
        name: None,
        key_in: None,
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    let bearer = scheme("http", "The token of a session, for tools.");
    registry.create_security_scheme(BEARER, MetaSecurityScheme { scheme: Some("bearer"), ..bearer });
    let cookie = scheme(
        "apiKey",
        "The session of a browser. Over https its name begins with `__Host-`. Unsafe requests must come from a page of \
         the same origin, as `Sec-Fetch-Site` or `Origin` says.",
    );
    let cookie = MetaSecurityScheme { name: Some(COOKIE), key_in: Some("cookie"), ..cookie };
    registry.create_security_scheme(COOKIE_SCHEME, cookie);
}

impl Session {
    async fn of(request: &Request) -> Result<Self, Problem> {
        let needed = || refused("not_signed_in", "This needs a session: a bearer token or a cookie.");
        signed_in(request).await?.map(Self).ok_or_else(needed)
    }
}

scheme_extractor!(Session, SCHEMES, needed: true, describe, Self::of);

/// Subject is signed in, if a session was shown.
///
/// # Errors
/// What was shown is no session, or no page of ours sent it.
pub(super) async fn signed_in(request: &Request) -> Result<Option<SignedIn>, Problem> {
    let sessions = SessionVerifier::of(request)?;
    let token = if let Some(token) = bearer(request.headers()) {
        token
    } else if let Some(token) = cookie(request.headers(), &sessions.cookie_name()) {
        if !request.method().is_safe() {
            sessions.check_origin(request.headers())?;
        }
        token
    } else {
        return Ok(None);
    };
    let found = (sessions.verifier)(token).await?;
    let found = found.ok_or_else(|| refused("session_not_valid", "This session has ended. Sign in again."))?;
    rate_limit::count(request, || Subject::Account(found.user.clone()))?;
    Ok(Some(found))
}

const BEARER: &str = "session_bearer";

const COOKIE_SCHEME: &str = "session_cookie";

/// The names of the schemes in the description.
pub(super) const SCHEMES: [&str; 2] = [BEARER, COOKIE_SCHEME];

fn refused(code: &'static str, detail: &str) -> Problem {
    Problem::new(Kind::Unauthenticated, code, detail).with_bearer_challenge()
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(is, value)| *is == name && !value.is_empty()).map(|(_, value)| Secret::new(value))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn at(origin: &str) -> SessionVerifier {
        SessionVerifier::new(Arc::new(|_| async { Ok(None) }.boxed()), origin)
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_host_and_https() {
        let hour = Duration::from_hours(1);
        let plain = at("http://127.0.0.1:8000").cookie("x", hour);
        assert_eq!(plain, "cairn_session=x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
        let secure = at("https://cairn.example").cookie("x", hour);
        assert_eq!(secure, "__Host-cairn_session=x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
    }

    #[test]
    fn only_our_own_pages_may_use_the_cookie() {
        let ours = "https://cairn.example";
        for (pairs, taken) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://cairn.example")], true),
            (&[("origin", "https://cairn.example")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://cairn.example")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://cairn.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ] {
            assert_eq!(at(ours).check_origin(&headers(pairs)).is_ok(), taken, "{pairs:?}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let lines = headers(&[("cookie", "a=b; xcairn_session=no; cairn_session=yes")]);
        assert_eq!(cookie(&lines, COOKIE), Some(Secret::new("yes")));
        assert_eq!(cookie(&headers(&[("cookie", "cairn_session=")]), COOKIE), None);
    }

    #[test]
    fn a_bearer_token_is_read_whatever_the_case_of_its_scheme() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer abc")])), Some(Secret::new("abc")));
        assert_eq!(bearer(&headers(&[("authorization", "Basic abc")])), None);
    }
}
