//! Subject reads a game's world: somebody who shows a key, or names a game that lets itself be read, as `?game=studio/game`, or
//! `studio/game/dev`.
//!
//! Answers to a key are that key's alone. Answers to a name are anyone's: a shared cache may keep them for a moment, and a
//! page of any origin may read them.

use std::sync::Arc;

use poem::{
    Request, RequestBody, Result,
    http::{HeaderMap, HeaderValue, Uri, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions, payload,
    registry::{MetaParamIn, MetaSchemaRef, Registry},
    types::Type,
};

use super::caller::{self, Caller, KeyVerifier, allowed};
use crate::{
    http::{
        cacheable::{Audience, PRIVATE},
        envelope, params,
        problem::Problem,
    },
    identity::access::model::{Environment, Grant, Permission, PublicWorld},
    platform::{
        db::StudioId,
        error::{Fault, Kind},
    },
};

/// What may keep an answer to a caller who names a game, and how. As long as a proxy of ours keeps what the seed's clients ask
/// for: what was taken away is gone within two seconds everywhere.
const PUBLIC: &str = "public, max-age=1";

/// The same for an answer that is another one the next moment.
const PUBLIC_NOW: &str = "public, no-cache";

/// The same for an answer that never changes.
const PUBLIC_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Somebody who may read a world.
#[derive(Clone, Debug)]
pub enum Reader {
    /// By a key that may.
    Key(Arc<Grant>),
    /// By the name of its game.
    Name(Arc<PublicWorld>),
}

impl Reader {
    /// Subject reads, if that is known without waiting and nothing is wrong.
    #[must_use]
    pub fn try_get(key_verifier: &KeyVerifier, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        match key_verifier.try_get(headers)? {
            Caller::Key(grant) => allowed(&grant, Permission::Read).is_ok().then_some(Self::Key(grant)),
            Caller::Nobody => named(key_verifier, uri).ok(),
        }
    }

    /// Whose world it is.
    #[must_use]
    pub fn studio(&self) -> StudioId {
        match self {
            Self::Key(grant) => grant.studio,
            Self::Name(world) => world.studio,
        }
    }

    /// The world, in the studio's own tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        match self {
            Self::Key(grant) => grant.world,
            Self::Name(world) => world.world,
        }
    }

    /// The game's name in addresses, and which of its worlds it is.
    #[must_use]
    pub fn game(&self) -> (&str, Environment) {
        match self {
            Self::Key(grant) => (&grant.game, grant.environment),
            Self::Name(world) => (&world.game, world.environment),
        }
    }

    /// The key, where one was shown.
    #[must_use]
    pub fn key(&self) -> Option<&Grant> {
        match self {
            Self::Key(grant) => Some(grant),
            Self::Name(_) => None,
        }
    }

    /// An answer to this reader.
    pub fn answer<T>(&self, payload: T) -> payload::Response<T> {
        match self {
            Self::Key(_) => caller::private(payload),
            Self::Name(_) => open(payload, PUBLIC),
        }
    }

    /// An answer to this reader that is another one the next moment.
    pub fn answer_now<T>(&self, payload: T) -> payload::Response<T> {
        match self {
            Self::Key(_) => caller::private(payload),
            Self::Name(_) => open(payload, PUBLIC_NOW),
        }
    }

    /// Whose an answer is that is made already.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Key(_) => Audience::KeyHolder,
            Self::Name(_) => Audience::Public,
        }
    }

    /// Completes an answer to [`Reader::audience`] that is made already, and depends on `Accept-Encoding`.
    pub fn seal(&self, headers: &mut HeaderMap) {
        if let Self::Name(_) = self {
            open_to_pages(headers, PUBLIC);
        }
    }

    /// The same for an answer that goes by who asks, beyond the key.
    pub fn seal_for_caller(&self, headers: &mut HeaderMap) {
        if let Self::Name(_) = self {
            open_to_pages(headers, PRIVATE);
        }
    }

    /// The same for an answer that never changes, and is made for a key.
    pub fn seal_for_ever(&self, headers: &mut HeaderMap) {
        if let Self::Name(_) = self {
            open_to_pages(headers, PUBLIC_FOR_EVER);
        }
    }
}

/// An answer to somebody who names a game, that is made already and depends on `Accept-Encoding`.
fn open_to_pages(headers: &mut HeaderMap, cache_control: &'static str) {
    for (name, value) in [
        (header::CACHE_CONTROL, cache_control),
        (header::VARY, "Accept-Encoding"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, envelope::EXPOSED),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// An answer to anyone.
fn open<T>(payload: T, cache_control: &'static str) -> payload::Response<T> {
    payload::Response::new(payload)
        .header(header::CACHE_CONTROL, cache_control)
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, envelope::EXPOSED)
}

/// The world that a request names. One that is not there, and one that lets itself not be read, are told the same.
fn named(key_verifier: &KeyVerifier, uri: &Uri) -> Result<Reader, Problem> {
    let invalid = |fault: Fault| {
        Problem::new(Kind::Invalid, "invalid", Fault::summary(std::slice::from_ref(&fault))).with_faults(vec![fault])
    };
    let name = params::query(uri, "game").map_err(invalid)?;
    if name.is_empty() {
        return Err(caller::key_needed());
    }
    key_verifier.public(&name).map(Reader::Name).ok_or_else(|| {
        let detail = "This needs a key, in X-API-Key: no game of that name lets itself be read without one.";
        Problem::new(Kind::Unauthenticated, "key_needed", detail)
    })
}

impl<'a> ApiExtractor<'a> for Reader {
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
                allowed(&grant, Permission::Read)?;
                Ok(Self::Key(grant))
            }
            Caller::Nobody => {
                // The application has put it there.
                let key_verifier = request.data::<KeyVerifier>().ok_or_else(Problem::internal)?;
                Ok(named(key_verifier, request.uri())?)
            }
        }
    }
}
