//! Use cases of players: sign in and stay signed in. Those of display names, of legacy names and of links to
//! accounts are in `display_names`, `legacy_names` and `links`.

mod display_names;
mod legacy_names;
mod links;

use std::{net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{
    metrics::PlayerMetrics,
    model::{
        self, DeviceDigest, DisplayName, PlayerError, PlayerProfile, PlayerTokens, RefreshTokenDigest, StoredPlayer,
    },
    store::{Rotation, Store},
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
    settings: Settings,
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
        settings: Settings,
        metrics: &PlayerMetrics,
    ) -> Result<Self, PlayerError> {
        let store = Store::new(database);
        let signing_key = store.signing_key(token::bytes()?).await?;
        let signer = Signer::new(&signing_key);
        Ok(Self { store, studios, cache, accounts, signer, settings, metrics: metrics.clone() })
    }

    /// Signs a device in: as the player that it was before, or else as a new one. A display name is set, unless a moderator has
    /// locked it.
    ///
    /// # Errors
    /// Too many new players come from its network.
    pub async fn sign_in(
        &self,
        studio: StudioId,
        world: i32,
        device: Option<&DeviceDigest>,
        name: Option<&DisplayName>,
        from: IpAddr,
    ) -> Result<PlayerTokens, PlayerError> {
        let known = match device {
            Some(device) => self.store.find_by_device(studio, world, device).await?,
            None => None,
        };
        let id = match known {
            Some(id) => id,
            None => self.mint(studio, world, device, from).await?,
        };
        let player = Player { studio, world, id };
        if name.is_some() {
            // Who may not have a name may play.
            let _is_set = self.store.set_display_name(&player, name).await?;
        }
        let (digest, refresh_token) = RefreshTokenDigest::generate()?;
        let now_ms = clock::now_ms();
        let expires_at_ms = after(now_ms, self.settings.refresh_token_ttl);
        self.store.insert_token_family(&player, &digest, expires_at_ms).await?;
        Ok(self.tokens(&player, refresh_token, now_ms))
    }

    async fn mint(
        &self,
        studio: StudioId,
        world: i32,
        device: Option<&DeviceDigest>,
        from: IpAddr,
    ) -> Result<Uuid, PlayerError> {
        self.count_new_player(from).await?;
        let player = Player { studio, world, id: Uuid::now_v7() };
        if self.store.insert(&player, device).await? {
            self.metrics.player_minted();
            return Ok(player.id);
        }
        // The same device has signed in at the same time, and got a player.
        let Some(device) = device else { return Err(PlayerError::NotFound) };
        self.store.find_by_device(studio, world, device).await?.ok_or(PlayerError::NotFound)
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

    /// Gives the next tokens for a refresh token.
    ///
    /// # Errors
    /// The token is not valid, or was used before: then its whole family is revoked.
    pub async fn refresh(
        &self,
        studio: StudioId,
        world: i32,
        used: &RefreshTokenDigest,
    ) -> Result<PlayerTokens, PlayerError> {
        let (next, refresh_token) = RefreshTokenDigest::generate()?;
        let now_ms = clock::now_ms();
        let expires_at_ms = after(now_ms, self.settings.refresh_token_ttl);
        match self.store.rotate_token(studio, world, used, &next, expires_at_ms).await? {
            Rotation::Rotated(id) => Ok(self.tokens(&Player { studio, world, id }, refresh_token, now_ms)),
            Rotation::Reused => {
                tracing::warn!(%studio, world, "a refresh token was used a second time; its family is revoked");
                Err(PlayerError::RefreshTokenReused)
            }
            Rotation::Unknown => Err(PlayerError::RefreshTokenInvalid),
        }
    }

    fn tokens(&self, player: &Player, refresh_token: Secret, now_ms: i64) -> PlayerTokens {
        let expires_at_ms = after(now_ms, self.settings.token_ttl);
        let token = model::encode_token(player, expires_at_ms, &self.signer);
        PlayerTokens { player: player.id, token, expires_at_ms, refresh_token }
    }

    /// The player of a token; `None` where it is not valid, or has expired.
    #[must_use]
    pub fn verify_token(&self, token: &str) -> Option<Player> {
        model::verify_token(token, clock::now_ms(), &self.signer)
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
