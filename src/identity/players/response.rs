//! What answers about players contain.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{
    model::{self, LinkCode, NamedPlayer, PlayerProfile, PlayerTokens},
    request::{EXAMPLE_LINK_CODE, EXAMPLE_REFRESH_TOKEN},
};
use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        accounts::{LinkedPlayer, LinkedPlayerResponse},
        examples::{self, TIME_MS},
    },
};

/// The answer with tokens.
#[derive(ApiResponse)]
pub enum TokensAnswer {
    /// Signed in.
    #[oai(status = 200)]
    SignedIn(NoStore<PlayerTokensResponse>),
}

/// The answer with a player.
#[derive(ApiResponse)]
pub enum PlayerAnswer {
    /// The player.
    #[oai(status = 200)]
    Player(NoStore<PlayerResponse>),
}

/// The answer with legacy names.
#[derive(ApiResponse)]
pub enum LegacyNamesAnswer {
    /// The names.
    #[oai(status = 200)]
    Names(NoStore<LegacyNamesResponse>),
}

/// The answer with a link code.
#[derive(ApiResponse)]
pub enum LinkCodeAnswer {
    /// The code, to be shown in the game.
    #[oai(status = 201)]
    Code(NoStore<LinkCodeResponse>),
}

/// The answer with a linked player.
#[derive(ApiResponse)]
pub enum LinkedPlayerAnswer {
    /// The player belongs to the account.
    #[oai(status = 200)]
    Player(NoStore<LinkedPlayerResponse>),
}

/// The answer with the players of an account.
#[derive(ApiResponse)]
pub enum LinkedPlayersAnswer {
    /// The players.
    #[oai(status = 200)]
    Players(NoStore<LinkedPlayerList>),
}

/// The tokens of a player who has signed in.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerTokens")]
pub struct PlayerTokensResponse {
    /// A UUID. It proves nothing.
    player_id: String,
    /// Proves who the player is: for `Authorization: Bearer`.
    token: String,
    /// Gets the next tokens, once.
    refresh_token: String,
    /// When the token expires.
    expires_at: Timestamp,
    /// Which deck this player is shown, taken modulo the number of decks.
    deck: u16,
}

impl Example for PlayerTokensResponse {
    fn example() -> Self {
        Self {
            player_id: examples::player(),
            token: "pt_01000000010000000101936b2f4c7e7a10b5d2c3e4f5a60718000001936b66a3c0".to_owned(),
            refresh_token: EXAMPLE_REFRESH_TOKEN.to_owned(),
            expires_at: Timestamp(TIME_MS + 3_600_000),
            deck: 1816,
        }
    }
}

impl From<PlayerTokens> for TokensAnswer {
    fn from(tokens: PlayerTokens) -> Self {
        Self::SignedIn(NoStore(PlayerTokensResponse {
            player_id: tokens.player.to_string(),
            token: tokens.token.expose().to_owned(),
            refresh_token: tokens.refresh_token.expose().to_owned(),
            expires_at: Timestamp(tokens.expires_at_ms),
            deck: model::deck_of(tokens.player),
        }))
    }
}

/// A player.
#[derive(Debug, Object)]
#[oai(example, rename = "Player")]
pub struct PlayerResponse {
    /// A UUID. It proves nothing.
    player_id: String,
    /// What others call the player; absent if the player has no name.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// Which deck this player is shown, taken modulo the number of decks.
    deck: u16,
    /// When the player was minted.
    created_at: Timestamp,
    /// The names (`u_uuid`) of v0 clients that the studio has bound to this player.
    #[oai(rename = "seed_names")]
    legacy_names: Vec<String>,
    /// Whether the player belongs to an account.
    linked: bool,
}

impl Example for PlayerResponse {
    fn example() -> Self {
        Self {
            player_id: examples::player(),
            display_name: Some(examples::display_name()),
            deck: 1816,
            created_at: Timestamp(TIME_MS),
            legacy_names: vec![examples::legacy_name()],
            linked: false,
        }
    }
}

impl From<PlayerProfile> for PlayerAnswer {
    fn from(profile: PlayerProfile) -> Self {
        Self::Player(NoStore(PlayerResponse {
            player_id: profile.player.to_string(),
            display_name: profile.display_name,
            deck: model::deck_of(profile.player),
            created_at: Timestamp(profile.created_at_ms),
            legacy_names: profile.legacy_names,
            linked: profile.is_linked,
        }))
    }
}

/// The names under which a player's v0 clients write.
#[derive(Debug, Object)]
#[oai(example, rename = "LegacyNames")]
pub struct LegacyNamesResponse {
    /// The player's id.
    player_id: String,
    /// The names (`u_uuid`), in the order in which they were bound.
    #[oai(rename = "seed_names")]
    legacy_names: Vec<String>,
}

impl Example for LegacyNamesResponse {
    fn example() -> Self {
        Self { player_id: examples::player(), legacy_names: vec![examples::legacy_name()] }
    }
}

impl LegacyNamesAnswer {
    /// The names of a player.
    pub fn new(player: uuid::Uuid, legacy_names: Vec<String>) -> Self {
        Self::Names(NoStore(LegacyNamesResponse { player_id: player.to_string(), legacy_names }))
    }
}

/// The display names of players.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerNames")]
pub struct PlayerNamesResponse {
    /// Those of the players who have one, in the order in which they were asked for, each once.
    #[oai(validator(max_items = 100))]
    players: Vec<PlayerNameResponse>,
}

/// The display name of a player.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerName")]
pub struct PlayerNameResponse {
    /// The player's id.
    player_id: String,
    /// What others call the player.
    #[oai(validator(min_length = 1, max_length = 32))]
    display_name: String,
}

impl Example for PlayerNameResponse {
    fn example() -> Self {
        Self { player_id: examples::player(), display_name: examples::display_name() }
    }
}

impl Example for PlayerNamesResponse {
    fn example() -> Self {
        Self { players: vec![PlayerNameResponse::example()] }
    }
}

impl FromIterator<NamedPlayer> for PlayerNamesResponse {
    fn from_iter<I: IntoIterator<Item = NamedPlayer>>(named: I) -> Self {
        let name = |named: NamedPlayer| PlayerNameResponse {
            player_id: named.player.to_string(),
            display_name: named.display_name,
        };
        Self { players: named.into_iter().map(name).collect() }
    }
}

/// A code that links a player to an account.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkCode")]
pub struct LinkCodeResponse {
    /// Eight digits and letters, none of which looks like another; the hyphen and capitals may be left out.
    code: String,
    /// When it expires.
    expires_at: Timestamp,
}

impl Example for LinkCodeResponse {
    fn example() -> Self {
        Self { code: EXAMPLE_LINK_CODE.to_owned(), expires_at: Timestamp(TIME_MS + 600_000) }
    }
}

impl LinkCodeAnswer {
    /// A code that expires at that time.
    pub fn new(code: &LinkCode, expires_at_ms: i64) -> Self {
        Self::Code(NoStore(LinkCodeResponse { code: code.display(), expires_at: Timestamp(expires_at_ms) }))
    }
}

/// The players of an account: 200 at most.
#[derive(Debug, Object)]
#[oai(example)]
pub struct LinkedPlayerList {
    /// The players, in the order in which they were linked.
    items: Vec<LinkedPlayerResponse>,
}

impl Example for LinkedPlayerList {
    fn example() -> Self {
        Self { items: vec![LinkedPlayerResponse::example()] }
    }
}

impl From<Vec<LinkedPlayer>> for LinkedPlayersAnswer {
    fn from(players: Vec<LinkedPlayer>) -> Self {
        let items = players.into_iter().map(LinkedPlayerResponse::from).collect();
        Self::Players(NoStore(LinkedPlayerList { items }))
    }
}

impl From<LinkedPlayer> for LinkedPlayerAnswer {
    fn from(player: LinkedPlayer) -> Self {
        Self::Player(NoStore(player.into()))
    }
}
