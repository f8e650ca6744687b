//! Use cases of players: sign in and stay signed in. Those of display names, of legacy names and of links to
//! accounts are in `display_names`, `legacy_names` and `links`.

mod display_names;
mod erasure;
mod legacy_names;
mod links;

use std::{net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{
    metrics::PlayerMetrics,
    model::{
        self, DeviceDigest, DisplayName, ErasedPlayers, PlayerError, PlayerProfile, PlayerTokens, RefreshTokenDigest,
        StoredPlayer, TokenClient, TokenPurpose, TokenRequest,
    },
    ports::NameGate,
    store::{NewFamily, NewToken, OpenedFamily, Rotation, Store},
};
use crate::{
    identity::{
        access::{Grant, Player},
        accounts::Accounts,
        studios::Studios,
    },
    platform::{
        cache::Cache,
        clock,
        codec::hex,
        db::{Database, StudioId},
        network::Network,
        secret::Secret,
        signer::Signer,
        tasks::Tasks,
        token,
    },
};

/// The window in which the new players of a network are counted.
const NEW_PLAYERS_WINDOW: Duration = Duration::from_hours(1);

/// The settings of the feature.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a player's token is valid.
    pub token_ttl: Duration,
    /// How long a refresh token is valid.
    pub refresh_token_ttl: Duration,
    /// How long a repeated request is answered as the first was.
    pub requests_kept: Duration,
    /// New players of one network in an hour.
    pub new_players_per_hour: u32,
}

/// Signs players in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Players {
    store: Store,
    studios: Studios,
    cache: Cache,
    accounts: Accounts,
    signer: Signer,
    /// Derives refresh tokens, and signs who asked for them.
    deriver: Signer,
    erased: ErasedPlayers,
    settings: Settings,
    names: NameGate,
    metrics: PlayerMetrics,
}

fn after(now_ms: i64, ttl: Duration) -> i64 {
    now_ms.saturating_add(clock::ms(ttl))
}

/// The number of the window in which a time is. Windows of a length follow the clock, so all instances have the same.
fn window_of(now_ms: i64, length: Duration) -> i64 {
    now_ms / clock::ms(length)
}

fn time_to_next_window(now_ms: i64, length: Duration) -> Duration {
    Duration::from_millis((clock::ms(length) - now_ms % clock::ms(length)).unsigned_abs())
}

impl Players {
    /// Starts the feature, with the signing key of this installation.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn start(
        database: Database,
        studios: Studios,
        cache: Cache,
        accounts: Accounts,
        (settings, names): (Settings, NameGate),
        metrics: &PlayerMetrics,
        tasks: &Tasks,
    ) -> Result<Self, PlayerError> {
        let store = Store::new(database);
        let signing_key = store.signing_key(token::bytes()?).await?;
        let signer = Signer::new(&signing_key);
        let deriver = Signer::new(&signer.derive(&[b"refresh tokens"]));
        let (erased, metrics) = (ErasedPlayers::default(), metrics.clone());
        erased.replace(store.erased_digests().await?);
        let players = Self { store, studios, cache, accounts, signer, deriver, erased, settings, names, metrics };
        tasks.spawn_until_stop("erased players", players.clone().watch_erasures());
        Ok(players)
    }

    /// Signs a device in: as the player that it was before, or else as a new one. A display name is set, unless a moderator has
    /// locked it. A repeated request gives the same player and refresh token, until that was used.
    ///
    /// # Errors
    /// Too many new players come from its network, or its idempotency key was used for something else.
    pub async fn sign_in(
        &self,
        studio: StudioId,
        world: i32,
        device: Option<&DeviceDigest>,
        name: Option<&DisplayName>,
        client: TokenClient,
    ) -> Result<PlayerTokens, PlayerError> {
        let from = client.address;
        let content =
            [device.map_or(&[][..], |device| &device.0), name.map_or(&[][..], |name| name.as_str().as_bytes())];
        let request = TokenRequest::new(&self.deriver, (studio, world), TokenPurpose::SignIn, client, &content);
        if let Some(tokens) = self.repeated_sign_in(studio, world, &request).await? {
            return Ok(tokens);
        }
        let known = match device {
            Some(device) => self.store.find_by_device(studio, world, device).await?,
            None => None,
        };
        if known.is_none() {
            self.count_new_player(from).await?;
        }
        // Who may not have a name may play.
        let named = Player { studio, world, id: known.unwrap_or_default() };
        let name = if name.is_some() && !self.may_be_named(&named).await? { None } else { name };
        let (family, now_ms) = (Uuid::now_v7(), clock::now_ms());
        let (digest, refresh_token) = request.first_token(&self.deriver, family)?;
        let new = NewFamily { known, device, name, family, token: self.new_token(&request, digest, now_ms) };
        match self.store.open_family(studio, world, new).await? {
            Some(OpenedFamily { player: id, is_new }) => {
                if is_new {
                    self.metrics.player_minted();
                }
                Ok(self.tokens(&Player { studio, world, id }, refresh_token, now_ms))
            }
            // The same request was sent twice at once, and the other has come first.
            None => self.repeated_sign_in(studio, world, &request).await?.ok_or(PlayerError::KeyReused),
        }
    }

    /// The tokens of an earlier sign-in with the same idempotency key.
    async fn repeated_sign_in(
        &self,
        studio: StudioId,
        world: i32,
        request: &TokenRequest,
    ) -> Result<Option<PlayerTokens>, PlayerError> {
        let Some(asked) = request.digest else { return Ok(None) };
        let (now_ms, kept) = (clock::now_ms(), clock::ms(self.settings.requests_kept));
        let Some(earlier) = self.store.find_sign_in(studio, world, &asked, now_ms - kept).await? else {
            return Ok(None);
        };
        if earlier.content != asked.content || earlier.is_used {
            return Err(PlayerError::KeyReused);
        }
        let (_, refresh_token) = request.first_token(&self.deriver, earlier.family)?;
        Ok(Some(self.tokens(&Player { studio, world, id: earlier.player }, refresh_token, now_ms)))
    }

    fn new_token(&self, request: &TokenRequest, digest: RefreshTokenDigest, now_ms: i64) -> NewToken {
        NewToken {
            digest,
            client: request.client,
            request: request.digest,
            created_at_ms: now_ms,
            expires_at_ms: after(now_ms, self.settings.refresh_token_ttl),
            requests_since_ms: now_ms - clock::ms(self.settings.requests_kept),
        }
    }

    /// Counts a new player of the networks at an address, with all instances. The cache holds digests of networks only.
    async fn count_new_player(&self, from: IpAddr) -> Result<(), PlayerError> {
        let now_ms = clock::now_ms();
        let window = window_of(now_ms, NEW_PLAYERS_WINDOW);
        for network in Network::nested(from) {
            let digest = hex::of_bytes(&token::digest(&network.to_string()));
            let minted = self.cache.count(&format!("minted:{window}:{digest}"), 1, NEW_PLAYERS_WINDOW).await;
            if minted > i64::from(self.settings.new_players_per_hour.saturating_mul(network.allowance())) {
                return Err(PlayerError::TooManyPlayers(time_to_next_window(now_ms, NEW_PLAYERS_WINDOW)));
            }
        }
        Ok(())
    }

    /// Gives the next tokens for a refresh token. A client that did not get the answer may ask again: soon, as the same device,
    /// or with the same idempotency key. It gets the same refresh token, until that was used.
    ///
    /// # Errors
    /// The token is not valid, or was used before: then its whole family is revoked. Or the idempotency key was used for
    /// something else.
    pub async fn refresh(
        &self,
        studio: StudioId,
        world: i32,
        used: &Secret,
        device: Option<&DeviceDigest>,
        client: TokenClient,
    ) -> Result<PlayerTokens, PlayerError> {
        let content = [used.expose().as_bytes()];
        let request = TokenRequest::new(&self.deriver, (studio, world), TokenPurpose::Refresh, client, &content);
        let (digest, refresh_token) = model::next_token(&self.deriver, used);
        let now_ms = clock::now_ms();
        let used = RefreshTokenDigest::of(used.expose());
        let next = self.new_token(&request, digest, now_ms);
        match self.store.rotate_token(studio, world, &used, device, &next).await? {
            Rotation::Rotated(id) | Rotation::Repeated(id) => {
                Ok(self.tokens(&Player { studio, world, id }, refresh_token, now_ms))
            }
            Rotation::Reused => {
                tracing::warn!(%studio, world, "a refresh token was used a second time; its family is revoked");
                Err(PlayerError::RefreshTokenReused)
            }
            Rotation::Unknown => Err(PlayerError::RefreshTokenInvalid),
            Rotation::KeyReused => Err(PlayerError::KeyReused),
        }
    }

    fn tokens(&self, player: &Player, refresh_token: Secret, now_ms: i64) -> PlayerTokens {
        let expires_at_ms = after(now_ms, self.settings.token_ttl);
        let token = model::encode_token(player, expires_at_ms, &self.signer);
        PlayerTokens { player: player.id, token, expires_at_ms, refresh_token }
    }

    /// Signs the digests by which the domains above tell networks apart without naming them.
    #[must_use]
    pub fn network_signer(&self) -> Signer {
        Signer::new(&self.signer.derive(&[b"networks"]))
    }

    /// The player of a token; `None` where it is not valid, has expired, or its player was erased.
    #[must_use]
    pub fn verify_token(&self, token: &str) -> Option<Player> {
        let player = model::verify_token(token, clock::now_ms(), &self.signer)?;
        (!self.erased.contains(&player)).then_some(player)
    }

    /// When a player was minted (Unix time in ms).
    ///
    /// # Errors
    /// There is no such player.
    pub async fn created_at_ms(&self, player: &Player) -> Result<i64, PlayerError> {
        Ok(self.find(player).await?.created_at_ms)
    }

    async fn find(&self, player: &Player) -> Result<StoredPlayer, PlayerError> {
        self.store.find(player).await?.ok_or(PlayerError::NotFound)
    }

    /// What is known of a player.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn profile(&self, player: &Player) -> Result<PlayerProfile, PlayerError> {
        let StoredPlayer { created_at_ms, display_name } = self.find(player).await?;
        Ok(PlayerProfile {
            player: player.id,
            display_name,
            created_at_ms,
            legacy_names: self.legacy_names(player).await?,
            is_linked: self.store.is_linked(player).await?,
        })
    }

    /// The player of an id in the key's world.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn player_of(&self, grant: &Grant, id: Uuid) -> Result<Player, PlayerError> {
        let player = Player { studio: grant.studio, world: grant.world, id };
        self.created_at_ms(&player).await?;
        Ok(player)
    }
}
