//! Whoever reads what may be open to everybody: a signed-in user, or nobody in particular.

use poem::Request;

use super::session::{self, BEARER, COOKIE_SCHEME, SessionUser};
use crate::{
    http::{problem::Problem, scheme::scheme_extractor},
    identity::access::UserId,
};

/// The user of a request's session; nobody where it has none. A session that has ended is refused, so that no client takes the
/// smaller answer of a stranger for its user's.
#[derive(Clone, Debug)]
pub struct Viewer(pub Option<SessionUser>);

impl Viewer {
    /// The user.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        self.0.as_ref().map(|session| &session.user)
    }

    async fn extract(request: &Request) -> Result<Self, Problem> {
        session::session_user(request).await.map(Self)
    }
}

scheme_extractor!(
    Viewer,
    [BEARER, COOKIE_SCHEME],
    needed: false,
    refusals: [401, 403],
    params: Vec::new(),
    session::describe,
    Self::extract
);
