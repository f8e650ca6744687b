//! The routes that a secret key can use; what members can do is in [`games`] and [`members`].

mod games;
mod members;

use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response},
};

pub use self::{games::GamesApi, members::MembersApi};
use super::{
    model::StudioError,
    service::Studios,
    shown::{KeysResponse, example_game},
};
use crate::{
    http::{
        docs::Tag,
        problem::{Answers, Failure, Problem},
    },
    identity::access::{
        model::{Permission, StudioAccess},
        request::{
            caller::private,
            studio_caller::{StudioCaller, role_missing},
        },
    },
    platform::error::Fault,
};

/// The routes of a game's keys, for secret keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeysApi {
    /// The feature.
    pub studios: Studios,
}

impl From<StudioError> for Problem {
    fn from(error: StudioError) -> Self {
        let (kind, code) = error.kind();
        match error {
            StudioError::Store(cause) => Self::from(&cause),
            StudioError::Account(cause) => Self::from(cause),
            StudioError::RoleMissing { is, needs } => role_missing(is, needs),
            StudioError::Invalid(ref faults) => {
                Self::new(kind, code, Fault::summary(faults)).with_faults(faults.clone())
            }
            StudioError::Schema(_) | StudioError::NoRandomness(_) => {
                Self::broken(&error, "studios can't be read or changed")
            }
            _ => Self::new(kind, code, error.to_string()),
        }
    }
}

/// Statuses of what keys do with keys.
struct Administering;

impl Answers for Administering {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// In a session.
struct Listing;

impl Answers for Listing {
    const STATUSES: &'static [u16] = &[401, 503];
}

/// Of a studio, in a session.
struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

/// Of a studio, in a session, a page.
struct Paging;

impl Answers for Paging {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

/// In a session, without a body.
struct Deleting;

impl Answers for Deleting {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 503];
}

/// In a session, with a body.
struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

/// In a session, with a body, about a letter.
struct Inviting;

impl Answers for Inviting {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503];
}

/// The access of a caller who may administer the game of that name.
///
/// # Errors
/// The caller lacks the permission `admin`; or their access is to another game, of which they do not learn whether it
/// exists.
pub fn administered_game<'a>(caller: &'a StudioCaller, game: &str) -> Result<&'a StudioAccess, Problem> {
    let access = caller.allowed(Permission::Admin)?;
    if *game == *access.game { Ok(access) } else { Err(StudioError::GameNotFound(game.to_owned()).into()) }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl KeysApi {
    /// The keys of a game
    ///
    /// Those of one environment, revoked ones too, the oldest first. Needs a secret key of that game and environment with
    /// the scope `admin`, or a developer's session.
    #[oai(path = "/games/:game/keys", method = "get", operation_id = "listKeys")]
    async fn list_keys(
        &self,
        caller: StudioCaller,
        /// The game's name in addresses.
        #[oai(example = "example_game")]
        game: Path<String>,
    ) -> Result<Response<Json<KeysResponse>>, Failure<Administering>> {
        let access = administered_game(&caller, &game.0)?;
        let game = self.studios.game(access.studio, &access.game).await?;
        let keys = self.studios.keys(access.studio, Some(&game)).await?;
        Ok(private(Json(keys.into_iter().filter(|key| key.environment == access.environment).collect())))
    }
}
