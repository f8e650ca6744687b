//! Requests with an `Idempotency-Key`: a repeated POST has its effect once, and is answered as the first was.
//!
//! - The answer to a POST that succeeds is kept, with a digest of the request, by caller and key. A request that failed has
//!   changed nothing and may be made again under its key.
//! - Some routes keep no answer ([`Policy::Own`]): those that see to it themselves, in the transaction of the effect, which
//!   needs no answer or one with a secret in it; and those whose repetition changes nothing.
//! - While the first request is being processed, a second one is asked to wait. If an instance dies meanwhile, it is not known
//!   what the request has done; after [`ABANDONED`](crate::platform::kept_answers::ABANDONED) the next one is made as if it were the first.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use poem::{
    Body, Endpoint, Request, Response, Result,
    endpoint::BoxEndpoint,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

use super::{idempotency_key::IdempotencyKey, problem::Problem};
use crate::platform::{
    error::Kind,
    kept_answers::{AnswerStore, Claim, KeptAnswer, RequestDigests},
    token::{self, digest_of_parts},
};

/// Larger answers are not kept.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The largest body of a request that ends its own session.
const MAX_ENDING_BYTES: usize = 16 * 1024;

/// What a POST route does with an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Its answer is kept.
    Kept,
    /// Its answer is kept, and the request ends the session that it comes with: it is looked up before that is asked for.
    EndsSession,
    /// It is made again, or the route sees to it itself.
    Own,
}

/// The POST routes whose answers are not kept, by the paths of the router.
const OWN: [&str; 35] = [
    // They store the key with what they store.
    "/add-object",
    "/v1/traces",
    "/v1/recordings",
    "/v1/recordings/packed",
    "/v1/players",
    "/v1/players/refresh",
    "/v1/account/sessions",
    // A code works once: whoever has lost the answer signs in again.
    "/v1/account/sessions/second-factor",
    "/v1/studios/:param0/games/:param1/keys",
    "/v1/studios/:param0/games/:param1/keys/:param2/rotate",
    // Each line has a source of its own, and is imported once.
    "/v1/traces/import",
    // It puts nothing into the library, and expires within an hour.
    "/api/library/import",
    // Applied again, it goes on where it was.
    "/api/library/import/:param0/apply",
    // It gives another address to upload to, which is a credential.
    "/api/games/:param0/media/:param1",
    "/api/saves/:param0/versions",
    "/api/saves/:param0/versions/:param1/uploads",
    // They show secrets: who repeats them has others, and can revoke the first, or they are void.
    "/api/app-passwords",
    "/v1/account/second-factor",
    // It gives a browser what it keeps for its own way to a provider.
    "/v1/account/identities",
    "/v1/account/second-factor/confirm",
    "/v1/account/second-factor/recovery-codes",
    // They only read.
    "/v1/traces/query",
    "/v1/traces/sync",
    "/v1/players/names",
    // The last one counts.
    "/v1/traces/:param0/vote",
    "/v1/traces/:param0/vote/withdraw",
    "/v1/votes",
    "/v1/traces/:param0/report",
    "/v1/players/me/hidden/:param0",
    "/v1/players/me/hidden/:param0/remove",
    "/v1/players/me/change",
    // The last code is valid, and those before it are void.
    "/v1/players/me/link-code",
    "/v1/account/register",
    "/v1/account/password/forgotten",
    "/v1/account/email/change",
];

/// The POST routes that end the session that they are called with.
const ENDS_SESSION: [&str; 2] = ["/v1/account/password/change", "/v1/account/delete"];

impl Policy {
    /// That of a route, by its path of the router.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if OWN.contains(&path) {
            Self::Own
        } else if ENDS_SESSION.contains(&path) {
            Self::EndsSession
        } else {
            Self::Kept
        }
    }
}

/// The caller of a request by its credentials, as a text that only they can have; nothing where it has none.
pub type CallerOf = dyn Fn(&HeaderMap) -> Option<String> + Send + Sync;

/// The kept answers, and whose they are. Cheap to clone.
#[derive(Clone)]
pub struct KeptAnswers {
    /// Where they are kept.
    pub store: Arc<dyn AnswerStore>,
    /// The caller of a request.
    pub caller: Arc<CallerOf>,
    /// The `Set-Cookie` of answers to requests that end their session.
    pub clear_cookie: Option<HeaderValue>,
}

impl fmt::Debug for KeptAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptAnswers").finish_non_exhaustive()
    }
}

/// A request that is being processed under its key.
#[derive(Clone, Debug)]
struct Pending {
    answers: KeptAnswers,
    caller: Option<String>,
    key: String,
    /// The method, the path and the query.
    target: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    New,
    Claimed(RequestDigests),
    Answered(KeptAnswer),
}

impl Pending {
    fn digests(&self, body: &[u8]) -> RequestDigests {
        let caller = self.caller.as_deref().unwrap_or_default();
        // Keyed by the caller's credentials and the key, neither of which is stored: a digest tells nothing of a password.
        let content =
            digest_of_parts(&[b"content", caller.as_bytes(), self.key.as_bytes(), self.target.as_bytes(), body]);
        let caller_digest = token::digest(caller);
        // Strangers without credentials meet only where they ask for the same.
        let of_stranger: &[u8] = if self.caller.is_none() { &content } else { &[] };
        let id = digest_of_parts(&[b"request", caller.as_bytes(), self.key.as_bytes(), of_stranger]);
        RequestDigests { id, caller: caller_digest, content }
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn take(&self) -> State {
        std::mem::take(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Claims the request, whose body is known now. An error ends it, with the kept answer where there is one.
    async fn begin(&self, body: &[u8]) -> Result<(), Problem> {
        let request = self.digests(body);
        match self.answers.store.claim(request).await.map_err(|error| Problem::from(&error))? {
            Claim::First => {
                self.set(State::Claimed(request));
                Ok(())
            }
            Claim::Answered(answer) => {
                self.set(State::Answered(answer));
                // Is replaced by the answer.
                Err(Problem::internal())
            }
            Claim::Running => {
                let detail = "The first request with this Idempotency-Key is still being processed. Try again.";
                Err(Problem::new(Kind::Busy, "request_running", detail))
            }
            Claim::OtherRequest => {
                let detail = "This Idempotency-Key was used for another request.";
                Err(Problem::new(Kind::Invalid, "idempotency_key_reused", detail))
            }
        }
    }

    /// Keeps the answer of a request that has succeeded.
    async fn finish(&self, outcome: Result<Response>) -> Result<Response> {
        let request = match self.take() {
            State::New => return outcome,
            State::Answered(answer) => return Ok(repeated(answer)),
            State::Claimed(request) => request,
        };
        let mut response = match outcome {
            Ok(response) if response.status().is_success() => response,
            other => {
                self.answers.store.finish(request, None).await;
                return other;
            }
        };
        let body = response.take_body().into_bytes().await.unwrap_or_default();
        let answer = KeptAnswer { status: response.status().as_u16(), body: body.to_vec() };
        self.answers.store.finish(request, Some(answer).filter(|_| body.len() <= MAX_ANSWER_BYTES)).await;
        response.set_body(body);
        Ok(response)
    }
}

fn repeated(KeptAnswer { status, body }: KeptAnswer) -> Response {
    let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap_or_default());
    if !body.is_empty() {
        response = response.content_type("application/json").header(header::CACHE_CONTROL, "no-store");
    }
    response.body(body)
}

/// Claims a request whose body has been received, if it has a key and its answer is to be kept.
///
/// # Errors
/// The request is not to be processed.
pub(super) async fn begin(request: &Request, body: &[u8]) -> Result<(), Problem> {
    match request.data::<Pending>() {
        Some(pending) => pending.begin(body).await,
        None => Ok(()),
    }
}

/// A POST route that answers a repeated request as the first one.
pub struct RepeatedPosts {
    /// The route.
    pub route: BoxEndpoint<'static>,
    /// What it does with a key.
    pub policy: Policy,
    /// Whether it receives a body.
    pub has_body: bool,
}

impl Endpoint for RepeatedPosts {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let key = IdempotencyKey::read(&request).map_err(|fault| Problem::invalid(vec![fault]))?;
        if self.policy == Policy::Own {
            return self.route.call(request).await;
        }
        let Some(key) = key.unless_empty().map(str::to_owned) else { return self.route.call(request).await };
        let answers = request.data::<KeptAnswers>().ok_or_else(Problem::internal)?.clone();
        let caller = (answers.caller)(request.headers());
        let target = format!("{} {}", request.method(), request.uri());
        let pending = Pending { answers, caller, key, target, state: Arc::default() };
        request.set_data(pending.clone());
        if self.policy == Policy::EndsSession {
            let body = request.take_body().into_bytes_limit(MAX_ENDING_BYTES).await?;
            let found = pending.answers.store.find(pending.digests(&body)).await;
            if let Some(answer) = found.map_err(|error| Problem::from(&error))? {
                let mut response = repeated(answer);
                response
                    .headers_mut()
                    .extend(pending.answers.clear_cookie.clone().map(|value| (header::SET_COOKIE, value)));
                return Ok(response);
            }
            request.set_body(Body::from_bytes(body));
        }
        let begun = if self.has_body { Ok(()) } else { pending.begin(b"").await };
        let outcome = match begun {
            Ok(()) => self.route.call(request).await,
            Err(problem) => Err(problem.into()),
        };
        pending.finish(outcome).await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::platform::error::StoreError;

    struct Nothing;

    impl AnswerStore for Nothing {
        fn claim(&self, _: RequestDigests) -> BoxFuture<'_, Result<Claim, StoreError>> {
            Box::pin(async { Ok(Claim::First) })
        }

        fn find(&self, _: RequestDigests) -> BoxFuture<'_, Result<Option<KeptAnswer>, StoreError>> {
            Box::pin(async { Ok(None) })
        }

        fn finish(&self, _: RequestDigests, _: Option<KeptAnswer>) -> BoxFuture<'_, ()> {
            Box::pin(async {})
        }
    }

    fn digests(caller: Option<&str>, key: &str, body: &[u8]) -> RequestDigests {
        let answers = KeptAnswers { store: Arc::new(Nothing), caller: Arc::new(|_| None), clear_cookie: None };
        let (caller, key, target) = (caller.map(str::to_owned), key.to_owned(), "POST /v1/studios".to_owned());
        Pending { answers, caller, key, target, state: Arc::default() }.digests(body)
    }

    #[test]
    fn a_caller_has_keys_of_their_own_and_a_key_has_one_content() {
        let asked = digests(Some("a"), "k", b"{}");
        assert_eq!(digests(Some("a"), "k", b"{}"), asked);
        assert_ne!(digests(Some("b"), "k", b"{}").id, asked.id);
        assert_ne!(digests(Some("a"), "l", b"{}").id, asked.id);
        let other = digests(Some("a"), "k", b"[]");
        assert!(other.id == asked.id && other.content != asked.content);
    }

    #[test]
    fn strangers_share_a_key_only_where_they_ask_for_the_same() {
        assert_eq!(digests(None, "k", b"{}"), digests(None, "k", b"{}"));
        assert_ne!(digests(None, "k", b"{}").id, digests(None, "k", b"[]").id);
    }
}
