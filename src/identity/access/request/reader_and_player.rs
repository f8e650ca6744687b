//! A caller who reads a world, and may be a player there: operations that show a player something of their own beside what
//! every reader sees. A player's token alone is enough for what is the player's own, since it names the world.

use poem::Request;

use super::{
    caller,
    player::{self, player_of},
    reader::{WorldReader, public_name},
};
use crate::{
    http::{header_lines::API_KEY, params, problem::Problem, scheme::scheme_extractor},
    identity::access::Player,
};

/// A caller who reads a world, a player, or both.
#[derive(Clone, Debug)]
pub struct ReaderAndPlayer {
    reader: Option<WorldReader>,
    player: Result<Player, Problem>,
}

impl ReaderAndPlayer {
    /// The reader.
    ///
    /// # Errors
    /// 401: there is a player's token alone.
    pub fn reader(&self) -> Result<&WorldReader, Problem> {
        self.reader.as_ref().ok_or_else(caller::key_needed)
    }

    /// The player.
    ///
    /// # Errors
    /// There is no valid token (401), or the player's requests are exhausted (429).
    pub fn player(&self) -> Result<&Player, Problem> {
        self.player.as_ref().map_err(Problem::clone)
    }

    /// Whether anyone may ask as this caller does, without a key.
    pub(in crate::identity::access) fn is_public(&self) -> bool {
        matches!(self.reader, Some(WorldReader::Public(_)))
    }

    async fn extract(request: &Request) -> Result<Self, Problem> {
        let player = player_of(request);
        let names_world = request.headers().contains_key(API_KEY) || public_name(request.uri())?.is_some();
        let reader = match WorldReader::extract(request).await {
            Ok(reader) => Some(reader),
            Err(_) if player.is_ok() && !names_world => None,
            Err(problem) => return Err(problem),
        };
        Ok(Self { reader, player })
    }
}

fn describe(registry: &mut poem_openapi::registry::Registry) {
    caller::describe(registry);
    player::describe(registry);
}

scheme_extractor!(
    ReaderAndPlayer,
    [caller::SCHEME, player::BESIDE_SCHEME],
    needed: false,
    refusals: [401, 403, 422],
    params: params::declared::<super::reader::PublicName>(),
    describe,
    Self::extract
);
