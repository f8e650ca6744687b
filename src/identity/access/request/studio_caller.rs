//! A caller who acts for a studio in one of its worlds: its server, with a secret key, or a member who is signed in.
//!
//! A key opens one world. A member names the world, in `studio`, `game` and `environment` of the query, where the path does
//! not name the game. Membership is looked up for each request, so that a member who was removed a moment ago can do
//! nothing more. Who is a member the application knows, and hands in as [`MembershipVerifier`].

use std::{borrow::Cow, fmt, sync::Arc};

use futures_util::future::BoxFuture;
use percent_encoding::percent_decode_str;
use poem::Request;
use poem_openapi::registry::Registry;

use super::{
    caller::{self, Caller},
    session,
};
use crate::{
    http::{
        declaration::{Param, Values},
        params::{self, QueryParams, QueryReader, UriReader},
        problem::Problem,
        scheme::scheme_extractor,
    },
    identity::access::{Environment, KeyKind, Permission, Principal, Role, StudioAccess, UserId},
    platform::error::{Fault, Kind},
};

/// The prefix of paths that name a game.
const GAMES: &str = "/v1/games/";

/// The names of a world in addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldName {
    /// The studio's name.
    pub studio: String,
    /// The game's name.
    pub game: String,
    /// The game's environment.
    pub environment: Environment,
}

/// The access of a user to a world, as a member of its studio.
pub type VerifyMembership =
    dyn Fn(UserId, WorldName) -> BoxFuture<'static, Result<StudioAccess, Problem>> + Send + Sync;

/// Verifies that users are members of studios. Cheap to clone.
#[derive(Clone)]
pub struct MembershipVerifier(pub Arc<VerifyMembership>);

impl fmt::Debug for MembershipVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MembershipVerifier").finish_non_exhaustive()
    }
}

/// A caller with a key, or a member of the studio who is signed in; whatever their permissions.
#[derive(Clone, Debug)]
pub struct StudioCaller(StudioAccess);

impl StudioCaller {
    /// Whether the caller is a member who is signed in, and no server with a key.
    #[must_use]
    pub fn is_member(&self) -> bool {
        matches!(self.0.by, Principal::Member { .. })
    }

    /// Returns the access if it has a permission.
    ///
    /// # Errors
    /// It does not: 403 `role_missing` for a member; 403 `scope_missing` for a key, also for one that is publishable.
    pub fn require(&self, permission: Permission) -> Result<&StudioAccess, Problem> {
        let access = &self.0;
        let has = access.permissions.contains(permission);
        let problem = match &access.by {
            Principal::Key(grant) if grant.kind == KeyKind::Secret && has => return Ok(access),
            Principal::Member { .. } if has => return Ok(access),
            Principal::Member { role, .. } => role_missing(*role, Role::least_with(permission)),
            Principal::Key(grant) => {
                let (kind, permissions, needed) = (grant.kind.name(), access.permissions, permission.name());
                let detail = format!(
                    "This needs a secret key with the scope {needed}; this one is {kind} and has: {permissions}."
                );
                Problem::new(Kind::Forbidden, "scope_missing", detail)
            }
        };
        Err(problem)
    }
}

/// The problem of a member whose role is too low.
fn role_missing(is: Role, needs: Role) -> Problem {
    let detail = format!("This needs the role {} in the studio; yours is {}.", needs.name(), is.name());
    Problem::new(Kind::Forbidden, "role_missing", detail)
}

/// The names of the world that a request is about: a key opens a world of its own, and needs none of these.
#[derive(Clone, Debug, Default)]
struct WorldNames {
    studio: Option<String>,
    game: Option<String>,
    environment: Option<Environment>,
}

/// The studio's name in addresses.
const STUDIO: Param = Param {
    name: "studio",
    about: "The studio's name in addresses. Needed with a session.",
    values: Values::Text { max_bytes: 64 },
    example: "moss",
};

/// The game's name in addresses.
const GAME: Param = Param {
    name: "game",
    about: "The game's name in addresses. Needed with a session where the path names no game.",
    values: Values::Text { max_bytes: 64 },
    example: "climb",
};

/// The environment.
const ENVIRONMENT: Param = Param {
    name: "environment",
    about: "The environment that a session means.",
    values: Values::OneOf(&["live", "dev"]),
    example: "live",
};

impl QueryParams for WorldNames {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let name = |name: &str| Ok(name.to_owned());
        let environment = |name: &str| Environment::parse(name).ok_or_else(|| "must be live or dev".to_owned());
        Some(Self {
            studio: reader.optional(&STUDIO, name),
            game: reader.optional(&GAME, name),
            environment: reader.optional(&ENVIRONMENT, environment),
        })
    }
}

/// Reads the names of the world that a member means.
fn world_name(request: &Request) -> Result<WorldName, Vec<Fault>> {
    let WorldNames { studio, game, environment } = params::read(request.uri())?;
    let path_game = request.uri().path().strip_prefix(GAMES).and_then(|rest| rest.split('/').next());
    let path_game =
        path_game.map(|game| percent_decode_str(game).decode_utf8().map_or_else(|_| String::new(), Cow::into_owned));
    let game = path_game.or(game).filter(|game| !game.is_empty());
    let missing = |name: &str| Fault::new(name, "is missing: a session says which world it means");
    match (studio, game) {
        (Some(studio), Some(game)) => {
            Ok(WorldName { studio, game, environment: environment.unwrap_or(Environment::Live) })
        }
        (studio, game) => {
            let faults = [studio.is_none().then(|| missing("?studio")), game.is_none().then(|| missing("?game"))];
            Err(faults.into_iter().flatten().collect())
        }
    }
}

impl StudioCaller {
    async fn extract(request: &Request) -> Result<Self, Problem> {
        // Whichever credential is missing or wrong, the caller may show the other.
        Self::find(request).await.map_err(Problem::with_both_challenges)
    }

    async fn find(request: &Request) -> Result<Self, Problem> {
        if let Caller::Key(grant) = caller::caller_of(request).await? {
            return Ok(Self(grant.into()));
        }
        let needed = || {
            let detail = "This needs a secret key, in X-API-Key, or the session of a member of the studio.";
            Problem::new(Kind::Unauthenticated, "key_or_session_needed", detail)
        };
        let session = session::session_user(request).await?.ok_or_else(needed)?;
        let world = world_name(request).map_err(Problem::invalid)?;
        // `app` adds it to each request.
        let verifier = request.data::<MembershipVerifier>().ok_or_else(Problem::internal)?;
        Ok(Self((verifier.0)(session.user, world).await?))
    }
}

/// The names of the security schemes in the description of the API.
const SCHEMES: [&str; 3] = [caller::SCHEME, session::BEARER, session::COOKIE_SCHEME];

/// Registers them.
fn describe(registry: &mut Registry) {
    caller::describe(registry);
    session::describe(registry);
}

scheme_extractor!(
    StudioCaller,
    SCHEMES,
    needed: true,
    refusals: [401, 403, 404, 422],
    params: params::declared::<WorldNames>(),
    describe,
    Self::extract
);

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("WorldNames", |uri| params::read::<WorldNames>(uri).is_ok())];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str) -> Result<WorldName, Vec<String>> {
        let request = Request::builder().uri_str(uri).finish();
        world_name(&request).map_err(|faults| faults.into_iter().map(|fault| fault.pointer).collect())
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
