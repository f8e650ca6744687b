//! A caller who may read a game's world: with a key, or by the name of a game whose settings allow it, as
//! `?game=studio/game` or `?game=studio/game/dev`.
//!
//! Who may cache an answer to it, `access::response` says.

use std::sync::Arc;

use poem::{
    Request, RequestBody, Result,
    http::{HeaderMap, Uri},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchemaRef, Registry},
    types::Type,
};

use super::caller::{self, Caller, KeyVerifier, require};
use crate::{
    http::{params, problem::Problem},
    identity::access::{Environment, Grant, Permission, PublicWorld},
    platform::{
        db::StudioId,
        error::{Fault, Kind},
    },
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
    pub fn verify_cached(verifier: &KeyVerifier, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
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

/// The reader of the public world that a request names. Callers are not told whether the game exists and is not public, or
/// does not exist.
fn public_reader(verifier: &KeyVerifier, uri: &Uri) -> Result<WorldReader, Problem> {
    let invalid = |fault: Fault| {
        Problem::new(Kind::Invalid, "invalid", Fault::summary(std::slice::from_ref(&fault))).with_faults(vec![fault])
    };
    let name = params::query(uri, "game").map_err(invalid)?;
    if name.is_empty() {
        return Err(caller::key_needed());
    }
    verifier.public_world(&name).map(WorldReader::Public).ok_or_else(|| {
        let detail = "This needs a key, in X-API-Key: no game of that name lets itself be read without one.";
        Problem::new(Kind::Unauthenticated, "key_needed", detail)
    })
}

impl<'a> ApiExtractor<'a> for WorldReader {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme, ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        caller::describe(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![caller::SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(<Option<String>>::schema_ref())
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        match caller::caller_of(request).await? {
            Caller::Key(grant) => {
                require(&grant, Permission::Read)?;
                Ok(Self::Key(grant))
            }
            Caller::Anonymous => {
                // `app` adds it to each request.
                let verifier = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?;
                Ok(public_reader(verifier, request.uri())?)
            }
        }
    }
}
