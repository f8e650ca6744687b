//! The responses about sessions.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        accounts::{
            model::{AccountData, OpenSession, SignInChallenge, browser, system},
            session::IssuedSession,
        },
        examples::{self, TIME_MS},
    },
};

const TOKEN: &str = "6f1d0c7be2a94d5f8b3a7c60e1f2d4a96f1d0c7be2a94d5f8b3a7c60e1f2d4a9";

#[derive(ApiResponse)]
pub enum SessionOpened {
    /// The session is open.
    #[oai(status = 201)]
    Session(
        NoStore<OpenedSessionResponse>,
        /// The session's cookie, where one was asked for.
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
    /// The password is right, and the account has a second factor: `POST /v1/account/sessions/second-factor` finishes.
    #[oai(status = 202)]
    SecondFactor(NoStore<SecondFactorNeededResponse>),
}

/// The answer to the second step of a sign-in.
#[derive(ApiResponse)]
pub enum SignInFinished {
    /// The session is open.
    #[oai(status = 201)]
    Session(
        NoStore<OpenedSessionResponse>,
        /// The session's cookie, where the first step asked for one.
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
pub enum SessionsListed {
    /// The sessions.
    #[oai(status = 200)]
    Sessions(NoStore<SessionListResponse>),
}

/// The answer to a request that has ended its session.
#[derive(ApiResponse)]
pub enum SessionEnded {
    /// The session has ended.
    #[oai(status = 204)]
    Done(
        /// Removes the session's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// A session that was just opened.
#[derive(Debug, Object)]
#[oai(example, rename = "OpenedSession")]
pub struct OpenedSessionResponse {
    /// The session's id.
    session_id: String,
    /// The user's id.
    user_id: String,
    /// The token that opens the session, to be sent as `Authorization: Bearer`. It is shown only this once. Absent where
    /// the session is a cookie.
    #[oai(skip_serializing_if_is_none)]
    token: Option<String>,
    /// When the session ends at the latest.
    expires_at: Timestamp,
}

impl Example for OpenedSessionResponse {
    fn example() -> Self {
        Self {
            session_id: examples::session(),
            user_id: examples::user(),
            token: Some(TOKEN.to_owned()),
            expires_at: Timestamp(TIME_MS),
        }
    }
}

impl From<&IssuedSession> for OpenedSessionResponse {
    fn from(issued: &IssuedSession) -> Self {
        Self {
            session_id: issued.session.id.clone(),
            user_id: issued.user.to_string(),
            token: (!issued.session.cookie).then(|| issued.token.expose().to_owned()),
            expires_at: Timestamp(issued.session.expires_at_ms),
        }
    }
}

/// What is to be sent with a code of the second factor.
#[derive(Debug, Object)]
#[oai(example, rename = "SecondFactorNeeded")]
pub struct SecondFactorNeededResponse {
    /// What stands for the first step. It is good for one session, for the same `User-Agent`.
    challenge: String,
    /// Until when.
    expires_at: Timestamp,
}

impl Example for SecondFactorNeededResponse {
    fn example() -> Self {
        Self { challenge: "AQ…".to_owned(), expires_at: Timestamp(TIME_MS) }
    }
}

impl From<&SignInChallenge> for SecondFactorNeededResponse {
    fn from(challenge: &SignInChallenge) -> Self {
        Self { challenge: challenge.challenge.expose().to_owned(), expires_at: Timestamp(challenge.expires_at_ms) }
    }
}

/// An open session.
#[derive(Debug, Object)]
#[oai(example, rename = "Session")]
pub struct SessionResponse {
    /// The session's id.
    session_id: String,
    /// Whether it is the session of this request.
    current: bool,
    /// Whether a browser holds its token as a cookie.
    cookie: bool,
    /// The IP address that it was opened from.
    address: String,
    /// The user agent of the program that opened it: a claim.
    agent: String,
    /// The browser or program that the user agent names, such as `Firefox`; absent where it is not known.
    #[oai(skip_serializing_if_is_none)]
    browser: Option<String>,
    /// The system that the user agent names, such as `Android`; absent where it is not known.
    #[oai(skip_serializing_if_is_none)]
    system: Option<String>,
    /// When it was opened.
    created_at: Timestamp,
    /// When it was last used, to a minute or so.
    used_at: Timestamp,
    /// When it ends at the latest.
    expires_at: Timestamp,
}

impl SessionResponse {
    /// As seen from the session whose id is `current`.
    pub(super) fn new(session: OpenSession, current: &str) -> Self {
        Self {
            current: session.id == current,
            session_id: session.id,
            cookie: session.cookie,
            address: session.address,
            browser: browser(&session.agent).map(str::to_owned),
            system: system(&session.agent).map(str::to_owned),
            agent: session.agent,
            created_at: Timestamp(session.created_at_ms),
            used_at: Timestamp(session.used_at_ms),
            expires_at: Timestamp(session.expires_at_ms),
        }
    }
}

impl Example for SessionResponse {
    fn example() -> Self {
        let [created_at, used_at, expires_at] = [TIME_MS; 3].map(Timestamp);
        let (address, agent) = ("203.0.113.9".to_owned(), "curl/7.88".to_owned());
        Self {
            session_id: examples::session(),
            current: true,
            cookie: false,
            address,
            browser: Some("curl".to_owned()),
            system: None,
            agent,
            created_at,
            used_at,
            expires_at,
        }
    }
}

/// The open sessions of a user: 50 at most.
#[derive(Debug, Object)]
#[oai(example, rename = "SessionList")]
pub struct SessionListResponse {
    /// Newest first.
    items: Vec<SessionResponse>,
}

impl Example for SessionListResponse {
    fn example() -> Self {
        Self { items: vec![SessionResponse::example()] }
    }
}

impl SessionListResponse {
    /// As seen from the session whose id is `current`.
    pub fn new(data: AccountData, current: &str) -> Self {
        Self { items: data.sessions.into_iter().map(|session| SessionResponse::new(session, current)).collect() }
    }
}
