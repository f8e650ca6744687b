//! The player of a request, by the token in its `Authorization: Bearer`.
//!
//! Which tokens are good the application knows, and hands in as [`Tokens`].

use std::{
    fmt,
    future::{Ready, ready},
    sync::Arc,
};

use poem::{Request, http::header};
use poem_openapi::registry::{MetaSecurityScheme, Registry};

use super::{problem::Problem, rates, scheme::scheme_extractor};
use crate::platform::{error::Kind, permit::Player, rates::Who};

/// Whose a token is.
pub type Verifier = dyn Fn(&str) -> Option<Player> + Send + Sync;

/// Tells whose a token is. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(pub Arc<Verifier>);

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// A player who has shown a token that is good.
#[derive(Clone, Debug)]
pub struct Playing(pub Player);

/// The name of the scheme in the description.
const SCHEME: &str = "player_bearer";

fn describe(registry: &mut Registry) {
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

impl Playing {
    fn of(request: &Request) -> Ready<Result<Self, Problem>> {
        ready(player_of(request).map(Self))
    }
}

scheme_extractor!(Playing, [SCHEME], needed: true, describe, Self::of);

/// The player of a request.
fn player_of(request: &Request) -> Result<Player, Problem> {
    // The application has put it there.
    let tokens = request.data::<Tokens>().ok_or_else(Problem::internal)?;
    let refused = |code, detail| Problem::new(Kind::Unauthenticated, code, detail);
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    let bearer =
        shown.and_then(|shown| shown.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = bearer else {
        return Err(refused("player_token_needed", "This needs a player's token, as Authorization: Bearer."));
    };
    let detail = "The player's token is not valid, or has ended: get the next one with the refresh token.";
    let player = (tokens.0)(token.trim()).ok_or_else(|| refused("player_token_invalid", detail))?;
    rates::count(request, || Who::Player(player.clone()))?;
    Ok(player)
}

/// A player, where one has shown a token that is good; or why there is none. For what most ask for without one.
#[derive(Clone, Debug)]
pub struct PerhapsPlaying(pub Result<Player, Problem>);

impl PerhapsPlaying {
    fn of(request: &Request) -> Ready<Result<Self, Problem>> {
        ready(Ok(Self(player_of(request))))
    }
}

scheme_extractor!(PerhapsPlaying, [SCHEME], needed: false, describe, Self::of);
