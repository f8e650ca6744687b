//! A caller who may read a game's world: with a key, or by the name of a game whose settings allow it, as
//! `?game=studio/game` or `?game=studio/game/dev`.
//!
//! Who may cache an answer to it, `access::response` says.

use std::sync::Arc;

use poem::{Request, http::Uri};

use super::caller::{self, Caller, KeyVerifier, require};
use crate::{
    http::{
        declaration::{Param, Values},
        header_lines::HeaderLines,
        params::{self, QueryParams, QueryReader, UriReader},
        problem::Problem,
        scheme::scheme_extractor,
    },
    identity::access::{Environment, Grant, Permission, PublicWorld},
    platform::{db::StudioId, error::Kind},
};

/// A caller who may read a world.
#[derive(Clone, Debug)]
pub enum WorldReader {
    /// With a key that has the permission to read.
    Key(Arc<Grant>),
    /// By the name of a game that anyone may read.
    Public(Arc<PublicWorld>),
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
        }
    }

    /// The world's id in the studio's tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        match self {
            Self::Key(grant) => grant.world,
            Self::Public(world) => world.world,
        }
    }

    /// The game's name in addresses, and its environment.
    #[must_use]
    pub fn game(&self) -> (&str, Environment) {
        match self {
            Self::Key(grant) => (&grant.game, grant.environment),
            Self::Public(world) => (&world.game, world.environment),
        }
    }

    /// The key's grant, where there is a key.
    #[must_use]
    pub fn key(&self) -> Option<&Grant> {
        match self {
            Self::Key(grant) => Some(grant),
            Self::Public(_) => None,
        }
    }
}

/// The name of a world that anyone may read.
pub(super) struct PublicName(Option<String>);

/// The parameter that carries it.
const GAME: Param = Param {
    name: "game",
    about: "Without a key: a game that allows public reads, as `studio/game`, or `studio/game/dev`.",
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
                public_reader(verifier, request.uri())
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
