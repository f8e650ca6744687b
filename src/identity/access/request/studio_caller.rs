//! Subject acts for a studio in one of its worlds: its server, with a secret key, or a member who is signed in.
//!
//! A key opens one world. A member names it, in `studio`, `game` and `environment` of the query, where the path does not
//! name the game; and is asked for anew each time, so that who was removed a moment ago does nothing any more. Subject is a
//! member the application knows, and hands in as [`MembershipVerifier`].

use std::{borrow::Cow, fmt, sync::Arc};

use futures_util::future::BoxFuture;
use percent_encoding::percent_decode_str;
use poem::{Request, RequestBody, Result};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions, Object,
    registry::{MetaParamIn, MetaSchemaRef, Registry},
    types::Type,
};

use super::{
    caller::{self, Caller},
    session,
};
use crate::{
    http::{params, problem::Problem},
    identity::access::{
        model::{Environment, KeyKind, Permission, Principal, Role, StudioAccess},
        user_id::UserId,
    },
    platform::error::{Fault, Kind},
};

/// What stands before a game's name in the paths that name one.
const GAMES: &str = "/v1/games/";

/// A world by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldName {
    /// The studio.
    pub studio: String,
    /// Its game.
    pub game: String,
    /// Which of the game's worlds.
    pub environment: Environment,
}

/// What a user may do in a world, as a member of the studio.
pub type Verifier = dyn Fn(UserId, WorldName) -> BoxFuture<'static, Result<StudioAccess, Problem>> + Send + Sync;

/// Tells what members may do. Cheap to clone.
#[derive(Clone)]
pub struct MembershipVerifier(pub Arc<Verifier>);

impl fmt::Debug for MembershipVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MembershipVerifier").finish_non_exhaustive()
    }
}

/// Somebody who shows a key, or is signed in and a member of the studio that is named; whatever that one may do.
#[derive(Clone, Debug)]
pub struct StudioCaller(StudioAccess);

impl StudioCaller {
    /// What may be done, if that is among it.
    ///
    /// # Errors
    /// It is not; or the key is one that ships inside games.
    pub fn allowed(&self, needs: Permission) -> Result<&StudioAccess, Problem> {
        let access = &self.0;
        let has = access.scopes.has(needs);
        let refused = match &access.by {
            Principal::Key(grant) if grant.kind == KeyKind::Secret && has => return Ok(access),
            Principal::Member { .. } if has => return Ok(access),
            Principal::Member { role, .. } => role_missing(*role, Role::that_may(needs)),
            Principal::Key(grant) => {
                let (kind, scopes, needs) = (grant.kind.name(), access.scopes, needs.name());
                let detail =
                    format!("This needs a secret key with the scope {needs}; this one is {kind} and has: {scopes}.");
                Problem::new(Kind::Forbidden, "scope_missing", detail)
            }
        };
        Err(refused)
    }
}

/// What a member is told who may not.
#[must_use]
pub fn role_missing(is: Role, needs: Role) -> Problem {
    let detail = format!("This needs the role {} in the studio; yours is {}.", needs.name(), is.name());
    Problem::new(Kind::Forbidden, "role_missing", detail)
}

/// The names in a request: which world a member means.
fn named(request: &Request) -> Result<WorldName, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut value = |name| {
        params::query(request.uri(), name).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let (studio, asked, environment) = (value("studio"), value("game"), value("environment"));
    let of_path = request.uri().path().strip_prefix(GAMES).and_then(|rest| rest.split('/').next());
    let of_path =
        of_path.map(|game| percent_decode_str(game).decode_utf8().map_or_else(|_| String::new(), Cow::into_owned));
    let game = of_path.unwrap_or(asked);
    for (name, value) in [("?studio", &studio), ("?game", &game)] {
        if value.is_empty() && !faults.iter().any(|fault| fault.pointer == name) {
            faults.push(Fault::new(name, "is missing: a session says which world it means"));
        }
    }
    let environment = match environment.as_str() {
        "" => Some(Environment::Live),
        name => Environment::of_name(name),
    };
    if environment.is_none() {
        faults.push(Fault::new("?environment", "must be live or dev"));
    }
    match environment {
        Some(environment) if faults.is_empty() => Ok(WorldName { studio, game, environment }),
        _ => Err(faults),
    }
}

/// Which world a session means. A key opens one of its own, and needs none of these.
#[derive(Debug, Object)]
#[oai(rename = "WorldName")]
struct WorldNameResponse {
    /// The studio's name in addresses. Needed with a session.
    studio: Option<String>,
    /// The game's name in addresses. Needed with a session where the path names no game.
    game: Option<String>,
    /// `live` or `dev`. Absent: `live`.
    environment: Option<String>,
}

impl<'a> ApiExtractor<'a> for StudioCaller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme, ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        caller::describe(registry);
        session::describe(registry);
        WorldNameResponse::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        std::iter::once(caller::SCHEME).chain(session::SCHEMES).collect()
    }

    /// An object in the query, exploded: its members are the parameters (OpenAPI 3.0, Style Values, `form`).
    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(WorldNameResponse::schema_ref())
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        if let Caller::Key(grant) = caller::caller_of(request).await? {
            return Ok(Self(grant.into()));
        }
        let needed = || {
            let detail = "This needs a secret key, in X-API-Key, or the session of a member of the studio.";
            Problem::new(Kind::Unauthenticated, "key_or_session_needed", detail).with_bearer_challenge()
        };
        let signed_in = session::signed_in(request).await?.ok_or_else(needed)?;
        let invalid =
            |faults: Vec<Fault>| Problem::new(Kind::Invalid, "invalid", Fault::summary(&faults)).with_faults(faults);
        let world = named(request).map_err(invalid)?;
        // The application has put it there.
        let members = request.data::<MembershipVerifier>().ok_or_else(Problem::internal)?;
        Ok(Self((members.0)(signed_in.user, world).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str) -> Result<WorldName, Vec<String>> {
        let request = Request::builder().uri_str(uri).finish();
        named(&request).map_err(|faults| faults.into_iter().map(|fault| fault.pointer).collect())
    }

    #[test]
    fn the_path_names_the_game_or_else_the_query_does() {
        let world =
            |game: &str, environment| WorldName { studio: "moss".to_owned(), game: game.to_owned(), environment };
        assert_eq!(read("/v1/x?studio=moss&game=climb"), Ok(world("climb", Environment::Live)));
        assert_eq!(
            read("/v1/games/dive/keys?game=climb&studio=moss&environment=dev"),
            Ok(world("dive", Environment::Dev))
        );
        assert_eq!(read("/v1/games/a%20b?studio=moss"), Ok(world("a b", Environment::Live)));
    }

    #[test]
    fn each_fault_is_named() {
        for (uri, faults) in [
            ("/v1/x", &["?studio", "?game"][..]),
            ("/v1/games/climb/keys", &["?studio"]),
            ("/v1/games/climb/keys?studio=a&studio=b", &["?studio"]),
            ("/v1/x?studio=a&game=b&environment=test", &["?environment"]),
        ] {
            assert_eq!(read(uri).unwrap_err(), faults, "{uri}");
        }
    }
}
