//! The session of a signed-in user, as a bearer token (tools) or a cookie (browsers).
//!
//! A browser sends a cookie with every request to us, whichever site caused it. So an unsafe request with a cookie is
//! accepted only if the browser itself says that one of our pages made it: `Sec-Fetch-Site: same-origin`, or, from browsers
//! that do not send that (as over plain http), an `Origin` that is ours. Pages can neither set nor remove these headers,
//! every current browser sends at least `Origin` with an unsafe request, and a request with neither is refused; so forms
//! need no CSRF token. `SameSite=Lax` on the cookie is a second line of defence: it lets only top-level navigation through,
//! which is a GET, and a GET changes nothing here.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use poem::{
    Request, RequestBody, Result,
    http::{HeaderMap, header},
};
use poem_openapi::registry::{MetaSecurityScheme, Registry};

use crate::{
    http::{header_lines::API_KEY, problem::Problem, rate_limit, scheme::scheme_extractor},
    identity::access::{Ban, UserId, forbids, rate_classes},
    platform::{clock, error::Kind, named::Named, secret::Secret},
};

/// The cookie's name. Over https it has the prefix `__Host-`, with which browsers let neither other hosts nor plain http
/// set it (RFC 6265bis, 4.1.3.2).
const COOKIE: &str = "cairn_session";

/// The name of the cookie that a browser keeps while it is at a provider to sign in with.
const AWAY_COOKIE: &str = "cairn_oidc";

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUser {
    /// The user.
    pub user: UserId,
    /// The session's id, which is not secret.
    pub session: String,
    /// That they are banned, if they are.
    pub ban: Option<Ban>,
}

/// Finds the session of a token; `None` where there is none. Handed in by the application.
pub type VerifySession = Arc<dyn Fn(Secret) -> BoxFuture<'static, Result<Option<SessionUser>, Problem>> + Send + Sync>;

/// Verifies sessions, and writes their cookies. Cheap to clone.
#[derive(Clone)]
pub struct SessionVerifier {
    verify: VerifySession,
    /// The origin of this server: scheme, host, and port where it is not the scheme's default.
    origin: Arc<str>,
}

impl SessionVerifier {
    /// A verifier for a server that users reach at `origin`.
    #[must_use]
    pub fn new(verify: VerifySession, origin: &str) -> Self {
        Self { verify, origin: origin.into() }
    }

    fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    fn cookie_name(&self) -> String {
        self.full_name(COOKIE)
    }

    fn full_name(&self, name: &str) -> String {
        if self.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The value of `Set-Cookie` that removes the cookie.
    #[must_use]
    pub fn clear_cookie(&self) -> String {
        self.set_cookie("", Duration::ZERO)
    }

    fn of(request: &Request) -> Result<&Self, Problem> {
        request.data::<Self>().ok_or_else(Problem::internal)
    }

    /// The value of a `Set-Cookie` header.
    fn set_cookie(&self, value: &str, max_age: Duration) -> String {
        self.set_named(COOKIE, value, max_age)
    }

    fn set_named(&self, name: &str, value: &str, max_age: Duration) -> String {
        let secure = if self.is_https() { "; Secure" } else { "" };
        let (name, secs) = (self.full_name(name), max_age.as_secs());
        format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Lax{secure}")
    }

    fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_ours = match value("sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => value("origin") == Some(&*self.origin),
        };
        if is_ours {
            return Ok(());
        }
        let detail = "The request has a cookie, but neither Sec-Fetch-Site nor Origin says that it comes from a page of ours. Tools \
                      send their token as Authorization: Bearer.";
        Err(Problem::new(Kind::Forbidden, "cross_site", detail))
    }
}

/// The session of a request; the operation needs one.
#[derive(Clone, Debug)]
pub struct Session(pub SessionUser);

/// Sets and clears the session cookie of a browser.
#[derive(Clone)]
pub struct SessionCookie(SessionVerifier, HeaderMap);

impl SessionCookie {
    /// Checks that the answer to this request may set the cookie.
    ///
    /// # Errors
    /// 403 `cross_site`: no page of ours made the request. Other sites may not sign a browser in, whoever the user is.
    pub fn check(&self) -> Result<(), Problem> {
        self.0.check_origin(&self.1)
    }

    /// The value of `Set-Cookie` that stores a session's token.
    #[must_use]
    pub fn set(&self, token: &Secret, max_age: Duration) -> String {
        self.0.set_cookie(token.expose(), max_age)
    }

    /// The value of `Set-Cookie` that removes the cookie.
    #[must_use]
    pub fn clear(&self) -> String {
        self.0.clear_cookie()
    }
}

impl<'a> poem::FromRequest<'a> for SessionCookie {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self(SessionVerifier::of(request)?.clone(), request.headers().clone()))
    }
}

/// A browser that goes to a provider to sign in with, or comes back from there: whoever is signed in in it, and what it keeps
/// meanwhile. A session that has ended counts as none: the page that the browser is sent to will say so.
#[derive(Clone)]
pub struct Browser {
    verifier: SessionVerifier,
    user: Option<UserId>,
    kept: Option<Secret>,
}

impl Browser {
    /// The user who is signed in.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// What it keeps.
    #[must_use]
    pub fn kept(&self) -> Option<Secret> {
        self.kept.clone()
    }

    /// The value of `Set-Cookie` that makes it keep something.
    #[must_use]
    pub fn keep(&self, value: &Secret, max_age: Duration) -> String {
        self.verifier.set_named(AWAY_COOKIE, value.expose(), max_age)
    }

    /// The value of `Set-Cookie` that makes it forget that.
    #[must_use]
    pub fn forget(&self) -> String {
        self.verifier.set_named(AWAY_COOKIE, "", Duration::ZERO)
    }
}

impl<'a> poem::FromRequest<'a> for Browser {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let verifier = SessionVerifier::of(request)?.clone();
        let kept = cookie(request.headers(), &verifier.full_name(AWAY_COOKIE));
        let user = session_user(request).await.ok().flatten().map(|session| session.user);
        Ok(Self { verifier, user, kept })
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
    async fn extract(request: &Request) -> Result<Self, Problem> {
        let needed = || refused("not_signed_in", "This needs a session: a bearer token or a cookie.");
        let found = session_user(request).await?.ok_or_else(needed)?;
        match found.ban {
            Some(ban) if forbids(request.method().as_str(), request.uri().path()) => Err(banned(ban)),
            _ => Ok(Self(found)),
        }
    }
}

scheme_extractor!(Session, SCHEMES, needed: true, refusals: [401, 403], params: Vec::new(), describe, Self::extract);

/// The user of a request's session, counted against the rate limit of the account; `None` where there is no session.
///
/// # Errors
/// The session is not valid (401 `session_not_valid`), the cookie did not come from a page of ours (403 `cross_site`), or
/// 429 `rate_limited`.
pub(super) async fn session_user(request: &Request) -> Result<Option<SessionUser>, Problem> {
    let verifier = SessionVerifier::of(request)?;
    let token = if let Some(token) = bearer(request.headers()) {
        token
    } else if let Some(token) = cookie(request.headers(), &verifier.cookie_name()) {
        if !request.method().is_safe() {
            verifier.check_origin(request.headers())?;
        }
        token
    } else {
        return Ok(None);
    };
    let found = (verifier.verify)(token).await?;
    let found = found.ok_or_else(|| refused("session_not_valid", "This session has ended. Sign in again."))?;
    rate_limit::count(request, || rate_classes::account_subject(&found.user))?;
    Ok(Some(found))
}

/// The name of the security scheme of tools in the description of the API.
pub(super) const BEARER: &str = "session_bearer";

/// The name of the security scheme of cookies.
pub(super) const COOKIE_SCHEME: &str = "session_cookie";

/// The names of the security schemes in the description of the API.
const SCHEMES: [&str; 2] = [BEARER, COOKIE_SCHEME];

/// That somebody is banned, until when and why.
fn banned(ban: Ban) -> Problem {
    let until = ban.until_ms.map_or_else(String::new, |until_ms| format!(" until {}", clock::format(until_ms)));
    let detail = format!(
        "A moderator has banned you here ({}){until}: you can read, export and delete what is yours, and appeal.",
        ban.reason.public_name()
    );
    Problem::new(Kind::Forbidden, "banned", detail)
}

fn refused(code: &'static str, detail: &str) -> Problem {
    Problem::new(Kind::Unauthenticated, code, detail).with_bearer_challenge()
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    cookies.find(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| Secret::new(value))
}

/// The credentials of a request, whatever they are and whether they are valid or not: a text that only their owner can have.
#[must_use]
pub fn credentials(headers: &HeaderMap) -> Option<String> {
    let cookies = [COOKIE.to_owned(), format!("__Host-{COOKIE}")];
    let cookie = cookies.iter().find_map(|name| cookie(headers, name));
    let key = headers.get(API_KEY).and_then(|key| key.to_str().ok()).map(Secret::new);
    let all: Vec<Secret> = [bearer(headers), cookie, key].into_iter().flatten().collect();
    let texts: Vec<&str> = all.iter().map(Secret::expose).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
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
        let plain = at("http://127.0.0.1:8000").set_cookie("x", hour);
        assert_eq!(plain, "cairn_session=x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
        let secure = at("https://cairn.example").set_cookie("x", hour);
        assert_eq!(secure, "__Host-cairn_session=x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
    }

    #[test]
    fn only_our_own_pages_may_use_the_cookie() {
        let ours = "https://cairn.example";
        for (pairs, is_accepted) in [
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
            assert_eq!(at(ours).check_origin(&headers(pairs)).is_ok(), is_accepted, "{pairs:?}");
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
