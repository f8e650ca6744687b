//! A caller who may read a game's world: with a key; or by the name of a game, as `?game=studio/game` or
//! `?game=studio/game/dev`, whose settings allow it to anyone, or whose studio has the signed-in user as a member.
//!
//! Who may cache an answer to it, `access::response` says.

use std::sync::Arc;

use poem::{
    Request,
    http::{StatusCode, Uri},
};

use super::{
    caller::{self, Caller, KeyVerifier, require},
    session,
    studio_caller::{MembershipVerifier, WorldName},
};
use crate::{
    http::{
        declaration::{Param, Values},
        header_lines::HeaderLines,
        params::{self, QueryParams, QueryReader, UriReader},
        problem::Problem,
        scheme::scheme_extractor,
    },
    identity::access::{Environment, Grant, Permission, Permissions, PublicWorld, StudioAccess},
    platform::{db::StudioId, error::Kind},
};

/// A caller who may read a world.
#[derive(Clone, Debug)]
pub enum WorldReader {
    /// With a key that has the permission to read.
    Key(Arc<Grant>),
    /// By the name of a game that anyone may read.
    Public(Arc<PublicWorld>),
    /// By the name of a game of a studio that the signed-in user is a member of.
    Member(Arc<StudioAccess>),
}

impl WorldReader {
    /// The reader of a request, where that is known without waiting and nothing is wrong.
    #[inline]
    #[must_use]
    pub fn verify_cached(verifier: &KeyVerifier, uri: &Uri, headers: &HeaderLines<'_>) -> Option<Self> {
        match verifier.verify_cached(headers)? {
            Caller::Key(grant) => require(&grant, Permission::Read).is_ok().then_some(Self::Key(grant)),
            Caller::Anonymous => public_reader(verifier, uri).ok(),
        }
    }

    /// The studio whose world it is.
    #[must_use]
    pub fn studio(&self) -> StudioId {
        match self {
            Self::Key(grant) => grant.studio,
            Self::Public(world) => world.studio,
            Self::Member(access) => access.studio,
        }
    }

    /// The world's id in the studio's tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        match self {
            Self::Key(grant) => grant.world,
            Self::Public(world) => world.world,
            Self::Member(access) => access.world,
        }
    }

    /// The game's name in addresses, and its environment.
    #[must_use]
    pub fn game(&self) -> (&str, Environment) {
        match self {
            Self::Key(grant) => (&grant.game, grant.environment),
            Self::Public(world) => (&world.game, world.environment),
            Self::Member(access) => (&access.game, access.environment),
        }
    }

    /// The key's grant, where there is a key.
    #[must_use]
    pub fn key(&self) -> Option<&Grant> {
        match self {
            Self::Key(grant) => Some(grant),
            Self::Public(_) | Self::Member(_) => None,
        }
    }

    /// What the reader may do in the world.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        match self {
            Self::Key(grant) => grant.permissions,
            Self::Public(_) => Permissions::of(&[Permission::Read]),
            Self::Member(access) => access.permissions,
        }
    }
}

/// The name of a world that anyone may read.
pub(super) struct PublicName(Option<String>);

/// The parameter that carries it.
const GAME: Param = Param {
    name: "game",
    about: "Without a key: a game that allows public reads, or with a session one of a studio of yours, as `studio/game`, or \
            `studio/game/dev`.",
    values: Values::Text { max_bytes: 128 },
    example: "moss/climb",
};

impl QueryParams for PublicName {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        Some(Self(reader.optional(&GAME, |name| Ok(name.to_owned()))))
    }
}

/// The name of the public world in a URI.
///
/// # Errors
/// The parameter occurs twice, or is not UTF-8.
pub(super) fn public_name(uri: &Uri) -> Result<Option<String>, Problem> {
    let PublicName(name) = params::read(uri).map_err(Problem::invalid)?;
    Ok(name)
}

/// The reader of the public world that a request names. Callers are not told whether the game exists and is not public, or
/// does not exist.
fn public_reader(verifier: &KeyVerifier, uri: &Uri) -> Result<WorldReader, Problem> {
    let name = public_name(uri)?.ok_or_else(caller::key_needed)?;
    verifier.public_world(&name).map(WorldReader::Public).ok_or_else(|| {
        let detail = "This needs a key, in X-API-Key: no game of that name lets itself be read without one.";
        Problem::new(Kind::Unauthenticated, "key_needed", detail)
    })
}

/// The names in `studio/game` or `studio/game/dev`.
fn world_name(name: &str) -> Option<WorldName> {
    let mut parts = name.split('/');
    let (studio, game) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let environment = parts.next().map_or(Some(Environment::Live), Environment::parse)?;
    parts.next().is_none().then_some(WorldName { studio, game, environment })
}

/// The member of the studio whose world a request names, if its session is one's. Others are not told whether the game exists.
async fn member_reader(request: &Request) -> Result<Option<WorldReader>, Problem> {
    let Some(world) = public_name(request.uri())?.as_deref().and_then(world_name) else { return Ok(None) };
    // `app` adds it to each request.
    let verifier = request.data::<MembershipVerifier>().ok_or_else(Problem::internal)?;
    let session = match session::session_user(request).await {
        Ok(Some(session)) => session,
        // A player's token is a bearer token too, and no session.
        Ok(None) => return Ok(None),
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => return Ok(None),
        Err(problem) => return Err(problem),
    };
    match (verifier.0)(session.user, world).await {
        Ok(access) if access.permissions.contains(Permission::Read) => Ok(Some(WorldReader::Member(Arc::new(access)))),
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Ok(_) | Err(_) => Ok(None),
    }
}

impl WorldReader {
    pub(super) async fn extract(request: &Request) -> Result<Self, Problem> {
        match caller::caller_of(request).await? {
            Caller::Key(grant) => {
                require(&grant, Permission::Read)?;
                Ok(Self::Key(grant))
            }
            Caller::Anonymous => {
                // `app` adds it to each request.
                let verifier = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?;
                match public_reader(verifier, request.uri()) {
                    Ok(reader) => Ok(reader),
                    Err(problem) => member_reader(request).await?.ok_or(problem),
                }
            }
        }
    }
}

scheme_extractor!(
    WorldReader,
    [caller::SCHEME],
    needed: false,
    refusals: [401, 403, 422],
    params: params::declared::<PublicName>(),
    caller::describe,
    Self::extract
);

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("PublicName", |uri| params::read::<PublicName>(uri).is_ok())];
