//! The routes of players, under `/v1/players`; those of their links to accounts in [`links`].

mod links;

use poem_openapi::{ApiResponse, Object, OpenApi, param::Path, types::Example};
use uuid::Uuid;

pub use self::links::LinksApi;
use super::{
    model::{self, Device, LegacyName, PlayerError, Refresh, SignedIn},
    service::Players,
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        docs::Tag,
        no_store::NoStore,
        problem::{Answers, Failure},
    },
    identity::access::{
        model::Permission,
        request::{
            caller::{KeyCaller, allowed},
            player::PlayerCaller,
        },
    },
    platform::{clock, codec::fields::Fields},
};

/// The routes of players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PlayersApi {
    /// The feature.
    pub players: Players,
}

struct SigningIn;

impl Answers for SigningIn {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 413, 415, 422, 429, 503];
}

struct Refreshing;

impl Answers for Refreshing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 413, 415, 422, 503];
}

/// What a studio's server does to the names of its players.
struct Naming;

impl Answers for Naming {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 422, 503];
}

struct Within;

impl Answers for Within {
    const STATUSES: &'static [u16] = &[401, 404, 503];
}

/// What is no id is no player's.
fn parse_id(text: &str) -> Result<Uuid, PlayerError> {
    text.parse().map_err(|_| PlayerError::Gone)
}

#[OpenApi(prefix_path = "/v1/players", tag = "Tag::Players")]
impl PlayersApi {
    /// Sign in as a player
    ///
    /// Mints a player of the key's game, or signs in the one that this device was before. The answer's `token` goes into
    /// `Authorization: Bearer` where a player is needed; when it has ended, the refresh token gives the next.
    #[oai(path = "/", method = "post", operation_id = "signInPlayer")]
    async fn sign_in(
        &self,
        caller: KeyCaller,
        client: Client,
        body: JsonBody<PlayerRequest>,
    ) -> Result<Signed, Failure<SigningIn>> {
        let grant = allowed(&caller.0, Permission::Write)?;
        let device = PlayerRequest::read(&body.bytes)?;
        let signed = self.players.sign_in((grant.studio, grant.world), device.as_ref(), client.address).await?;
        Ok(Signed::In(NoStore(SignInResponse::from(signed))))
    }

    /// Stay signed in
    ///
    /// Gives the next token and the next refresh token. Each refresh token is good once: shown a second time it ends all
    /// that followed from the same sign-in, since somebody else must have it, and the device signs in anew.
    #[oai(path = "/refresh", method = "post", operation_id = "refreshPlayer")]
    async fn refresh(&self, caller: KeyCaller, body: JsonBody<RefreshRequest>) -> Result<Signed, Failure<Refreshing>> {
        let grant = allowed(&caller.0, Permission::Write)?;
        let shown = RefreshRequest::read(&body.bytes)?;
        let signed = self.players.refresh((grant.studio, grant.world), &shown).await?;
        Ok(Signed::In(NoStore(SignInResponse::from(signed))))
    }

    /// Who the token says one is
    #[oai(path = "/me", method = "get", operation_id = "getPlayer")]
    async fn me(&self, playing: PlayerCaller) -> Result<Me, Failure<Within>> {
        let player = playing.0;
        let created_at_ms = self.players.created_at_ms(&player).await?;
        let legacy_names = self.players.legacy_names(&player).await?;
        let shown = PlayerResponse {
            legacy_names,
            player_id: player.id.to_string(),
            deck: model::deck_of(player.id),
            created_at: clock::format(created_at_ms),
            linked: self.players.is_linked(&player).await?,
        };
        Ok(Me::Player(NoStore(shown)))
    }

    /// The seed names of a player
    ///
    /// The names (`u_uuid`) under which the player's seed clients write, in the order in which they were bound. Needs a
    /// secret key of the player's world with the scope `admin`.
    #[oai(path = "/:player_id/seed-names", method = "get", operation_id = "listSeedNames")]
    async fn legacy_names(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "example_player")]
        player_id: Path<String>,
    ) -> Result<Names, Failure<Naming>> {
        let grant = allowed(&caller.0, Permission::Admin)?;
        let player = self.players.player_of(grant, parse_id(&player_id.0)?).await?;
        let legacy_names = self.players.legacy_names(&player).await?;
        Ok(Names::Of(NoStore(NamesResponse { player_id: player.id.to_string(), legacy_names })))
    }

    /// Bind a seed name to a player
    ///
    /// A name (`u_uuid`) is a claim that anybody can make; with this the studio says whose it is in that world. A name is one
    /// player's at most; binding it again to the same player changes nothing. Needs a secret key of the player's world with
    /// the scope `admin`.
    #[oai(path = "/:player_id/seed-names/:u_uuid", method = "put", operation_id = "bindSeedName")]
    async fn bind(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "example_player")]
        player_id: Path<String>,
        /// The name: 1 to 64 bytes, percent-encoded.
        #[oai(example = "example_name")]
        u_uuid: Path<String>,
    ) -> Result<Bound, Failure<Naming>> {
        let grant = allowed(&caller.0, Permission::Admin)?;
        let (id, name) = (parse_id(&player_id.0)?, LegacyName::parse(&u_uuid.0)?);
        self.players.bind(grant, id, &name).await?;
        Ok(Bound::Done)
    }

    /// Take a seed name from a player
    ///
    /// Nothing to do where it is not that player's. Needs a secret key of the player's world with the scope `admin`.
    #[oai(path = "/:player_id/seed-names/:u_uuid", method = "delete", operation_id = "unbindSeedName")]
    async fn unbind(
        &self,
        caller: KeyCaller,
        /// The player's id.
        #[oai(example = "example_player")]
        player_id: Path<String>,
        /// The name: 1 to 64 bytes, percent-encoded.
        #[oai(example = "example_name")]
        u_uuid: Path<String>,
    ) -> Result<Bound, Failure<Naming>> {
        let grant = allowed(&caller.0, Permission::Admin)?;
        let (id, name) = (parse_id(&player_id.0)?, LegacyName::parse(&u_uuid.0)?);
        self.players.unbind(grant, id, &name).await?;
        Ok(Bound::Done)
    }
}

fn example_player() -> String {
    PLAYER.to_owned()
}

const NAME: &str = "8f14e45f-ceea-467f-a8e2-2d2c1a9b7f30";

fn example_name() -> String {
    NAME.to_owned()
}

#[derive(ApiResponse)]
enum Names {
    /// The names.
    #[oai(status = 200)]
    Of(NoStore<NamesResponse>),
}

#[derive(ApiResponse)]
enum Bound {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum Signed {
    /// Signed in.
    #[oai(status = 200)]
    In(NoStore<SignInResponse>),
}

#[derive(ApiResponse)]
enum Me {
    /// The player.
    #[oai(status = 200)]
    Player(NoStore<PlayerResponse>),
}

/// A device.
#[derive(Debug, Object)]
#[oai(example)]
struct PlayerRequest {
    /// By which the device is the same player again: 16 to 128 bytes that nobody guesses, for whoever knows them is that
    /// player. Absent: a new player each time.
    device_id: Option<String>,
}

impl Example for PlayerRequest {
    fn example() -> Self {
        Self { device_id: Some("2f9c1b7e-55c4-4f0e-9f5d-6f6a3c1d8e42".to_owned()) }
    }
}

impl PlayerRequest {
    fn read(body: &[u8]) -> Result<Option<Device>, PlayerError> {
        let mut fields = Fields::read(body)?;
        let device = fields.optional_text("device_id", Device::parse);
        fields.done(device).map_err(PlayerError::Invalid)
    }
}

/// A refresh token.
#[derive(Debug, Object)]
#[oai(example)]
struct RefreshRequest {
    /// The last one that was given.
    refresh_token: String,
}

const REFRESH: &str = "rt_6f1d0c7be2a94d5f8b3a7c60e1f2d4a96f1d0c7be2a94d5f8b3a7c60e1f2d4a9";

impl Example for RefreshRequest {
    fn example() -> Self {
        Self { refresh_token: REFRESH.to_owned() }
    }
}

impl RefreshRequest {
    fn read(body: &[u8]) -> Result<Refresh, PlayerError> {
        let mut fields = Fields::read(body)?;
        let shown = fields.text("refresh_token", |text| Ok(Refresh::of(text)));
        fields.done(shown).map_err(PlayerError::Invalid)
    }
}

/// A player who is signed in.
#[derive(Debug, Object)]
#[oai(example, rename = "PlayerSession")]
struct SignInResponse {
    /// A UUID, which proves nothing.
    player_id: String,
    /// Proves it: for `Authorization: Bearer`.
    token: String,
    /// Gives the next token, once.
    refresh_token: String,
    /// When the token ends (RFC 3339).
    expires_at: String,
    /// Which deck this player is shown: 0 to 65535, taken modulo the number of decks.
    deck: u16,
}

const PLAYER: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";

impl Example for SignInResponse {
    fn example() -> Self {
        Self {
            player_id: PLAYER.to_owned(),
            token: "pt_01000000010000000101936b2f4c7e7a10b5d2c3e4f5a60718000001936b66a3c0".to_owned(),
            refresh_token: REFRESH.to_owned(),
            expires_at: "2026-11-21T09:00:00Z".to_owned(),
            deck: 1816,
        }
    }
}

impl From<SignedIn> for SignInResponse {
    fn from(signed: SignedIn) -> Self {
        Self {
            player_id: signed.player.to_string(),
            token: signed.token.expose().to_owned(),
            refresh_token: signed.refresh.expose().to_owned(),
            expires_at: clock::format(signed.expires_at_ms),
            deck: model::deck_of(signed.player),
        }
    }
}

/// A player.
#[derive(Debug, Object)]
#[oai(example, rename = "Player")]
struct PlayerResponse {
    /// A UUID, which proves nothing.
    player_id: String,
    /// Which deck this player is shown.
    deck: u16,
    /// When the player was minted (RFC 3339).
    created_at: String,
    /// The names (`u_uuid`) of seed clients that the studio has bound to this player.
    legacy_names: Vec<String>,
    /// Whether the player belongs to an account.
    linked: bool,
}

impl Example for PlayerResponse {
    fn example() -> Self {
        let created_at = "2026-11-21T08:00:00Z".to_owned();
        let legacy_names = vec![example_name()];
        Self { player_id: PLAYER.to_owned(), deck: 1816, created_at, legacy_names, linked: false }
    }
}

/// The names under which a player's seed clients write.
#[derive(Debug, Object)]
#[oai(example, rename = "SeedNames")]
struct NamesResponse {
    /// The player.
    player_id: String,
    /// The names (`u_uuid`), in the order in which they were bound.
    legacy_names: Vec<String>,
}

impl Example for NamesResponse {
    fn example() -> Self {
        Self { player_id: example_player(), legacy_names: vec![example_name()] }
    }
}
