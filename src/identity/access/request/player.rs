//! The player of a request, by the token in its `Authorization: Bearer`.
//!
//! Which tokens are valid the application knows, and hands in as [`PlayerTokenVerifier`].

use std::{
    fmt,
    future::{Ready, ready},
    sync::Arc,
};

use poem::{
    Request,
    http::{HeaderMap, header},
};
use poem_openapi::registry::{MetaSecurityScheme, Registry};

use super::caller::{Caller, KeyVerifier};
use crate::{
    http::{problem::Problem, rate_limit, scheme::scheme_extractor},
    identity::access::{Player, rate_classes},
    platform::error::Kind,
};

/// The player of a token; `None` where it is not valid, or has expired.
pub type VerifyPlayerToken = dyn Fn(&str) -> Option<Player> + Send + Sync;

/// Verifies players' tokens. Cheap to clone.
#[derive(Clone)]
pub struct PlayerTokenVerifier(pub Arc<VerifyPlayerToken>);

impl fmt::Debug for PlayerTokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayerTokenVerifier").finish_non_exhaustive()
    }
}

/// A player with a valid token.
#[derive(Clone, Debug)]
pub struct PlayerCaller(pub Player);

/// The name of the security scheme in the description of the API.
const SCHEME: &str = "player_bearer";

/// The same, where it is optional beside another scheme.
pub(super) const BESIDE_SCHEME: &str = "+player_bearer";

pub(super) fn describe(registry: &mut Registry) {
    let scheme = MetaSecurityScheme {
        ty: "http",
        description: Some("The token of a player, from `POST /v1/players`."),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(SCHEME, scheme);
}

impl PlayerCaller {
    async fn extract(request: &Request) -> Result<Self, Problem> {
        let player = player_of(request)?;
        check_key_beside(request, &player).await?;
        Ok(Self(player))
    }
}

/// Checks the key that is sent beside a player's token. None is needed; but a game whose key was revoked shall learn that, and a
/// token of another world than the key's is not what the client means.
async fn check_key_beside(request: &Request, player: &Player) -> Result<(), Problem> {
    // `app` adds it to each request.
    let verifier = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?;
    match verifier.verify(request.headers()).await? {
        Caller::Key(grant) if (grant.studio, grant.world) != (player.studio, player.world) => {
            let detail = "The player's token is of another world than the key in X-API-Key: sign in with that key.";
            Err(Problem::new(Kind::Unauthenticated, "player_token_invalid", detail).with_bearer_challenge())
        }
        Caller::Key(_) | Caller::Anonymous => Ok(()),
    }
}

scheme_extractor!(PlayerCaller, [SCHEME], needed: true, refusals: [401], params: Vec::new(), describe, Self::extract);

fn token_of(request: &Request) -> Option<&str> {
    player_token(request.headers())
}

/// The token in the `Authorization` of a request with these headers.
#[must_use]
pub fn player_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = value?.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    bearer.map(|(_, token)| token.trim())
}

/// The player of a request, counted against the player's rate limit.
///
/// # Errors
/// There is no valid token (401), or the player's requests are exhausted (429).
pub(super) fn player_of(request: &Request) -> Result<Player, Problem> {
    // `app` adds it to each request.
    let verifier = request.data::<PlayerTokenVerifier>().ok_or_else(Problem::internal)?;
    let refused = |code, detail| Problem::new(Kind::Unauthenticated, code, detail).with_bearer_challenge();
    let Some(token) = token_of(request) else {
        return Err(refused("player_token_needed", "This needs a player's token, as Authorization: Bearer."));
    };
    let detail = "The player's token is not valid, or has ended: get the next one with the refresh token.";
    let player = (verifier.0)(token).ok_or_else(|| refused("player_token_invalid", detail))?;
    rate_limit::count(request, || rate_classes::player_subject(&player))?;
    Ok(player)
}

/// The player of a request, if it has a valid token. For answers that are made for all players, of which one is chosen for
/// each: it refuses nothing, and is not counted.
#[derive(Clone, Debug)]
pub struct KnownPlayer(pub Option<Player>);

impl KnownPlayer {
    fn extract(request: &Request) -> Ready<Result<Self, Problem>> {
        let verifier = request.data::<PlayerTokenVerifier>();
        ready(Ok(Self(token_of(request).zip(verifier).and_then(|(token, verifier)| (verifier.0)(token)))))
    }
}

scheme_extractor!(KnownPlayer, [BESIDE_SCHEME], needed: false, refusals: [], params: Vec::new(), describe, Self::extract);
