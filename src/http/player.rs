//! The player of a request, by the token in its `Authorization: Bearer`.
//!
//! Which tokens are good the application knows, and hands in as [`Tokens`].

use std::{fmt, sync::Arc};

use poem::{Request, RequestBody, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};

use super::{problem::Problem, rates};
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

impl<'a> ApiExtractor<'a> for Playing {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
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

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        Ok(Self(player_of(request)?))
    }
}

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

impl<'a> ApiExtractor<'a> for PerhapsPlaying {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Playing::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        Ok(Self(player_of(request)))
    }
}
