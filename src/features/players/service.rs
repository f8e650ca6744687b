//! What can be done with players: sign in, stay signed in.

use std::{net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{
    model::{self, Device, PlayerError, Refresh, SignedIn},
    store::{Rotated, Store},
};
use crate::platform::{
    cache::Cache,
    clock,
    codec::hex,
    db::{Database, StudioId},
    metrics::Metrics,
    network::subscriber,
    permit::Player,
    secret::Secret,
    signer::Signer,
    token,
};

/// For how long new players of a network are counted together.
const WINDOW: Duration = Duration::from_hours(1);

/// What the feature is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// For how long a player's token is good.
    pub token_lasts: Duration,
    /// For how long a refresh token is good.
    pub refresh_lasts: Duration,
    /// New players of one network in an hour.
    pub minted_per_hour: u32,
}

/// Signs players in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Players {
    store: Store,
    cache: Cache,
    signer: Signer,
    settings: Settings,
    metrics: Metrics,
}

fn after(now_ms: i64, lasts: Duration) -> i64 {
    now_ms.saturating_add(i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX))
}

impl Players {
    /// Starts the feature, with the secret of this installation.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        database: Database,
        cache: Cache,
        settings: Settings,
        metrics: &Metrics,
    ) -> Result<Self, PlayerError> {
        let store = Store::new(database);
        let secret = store.signing_key(token::bytes()?).await?;
        Ok(Self { store, cache, signer: Signer::new(&secret), settings, metrics: metrics.clone() })
    }

    /// Signs a device in: as the player that it was before, or else as a new one.
    ///
    /// # Errors
    /// Too many new ones come from there.
    pub async fn sign_in(
        &self,
        (studio, world): (StudioId, i32),
        device: Option<&Device>,
        from: IpAddr,
    ) -> Result<SignedIn, PlayerError> {
        let known = match device {
            Some(device) => self.store.of_device(studio, world, device).await?,
            None => None,
        };
        let id = match known {
            Some(id) => id,
            None => self.mint(studio, world, device, from).await?,
        };
        let player = Player { studio, world, id };
        let (token, text) = Refresh::draw()?;
        let now_ms = clock::now_ms();
        self.store.begin_family(&player, &token, after(now_ms, self.settings.refresh_lasts)).await?;
        Ok(self.signed_in(&player, text, now_ms))
    }

    async fn mint(
        &self,
        studio: StudioId,
        world: i32,
        device: Option<&Device>,
        from: IpAddr,
    ) -> Result<Uuid, PlayerError> {
        self.count_mint(from).await?;
        let player = Player { studio, world, id: Uuid::now_v7() };
        if self.store.mint(&player, device).await? {
            self.metrics.player_minted();
            return Ok(player.id);
        }
        // Of two sign-ins of one device at once the other was first.
        let Some(device) = device else { return Err(PlayerError::Gone) };
        self.store.of_device(studio, world, device).await?.ok_or(PlayerError::Gone)
    }

    /// Counted by the hour of the clock, shared by all instances. The cache holds nobody's address.
    async fn count_mint(&self, from: IpAddr) -> Result<(), PlayerError> {
        let window_ms = i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX);
        let now_ms = clock::now_ms();
        let digest = hex::of_bytes(&token::digest(&subscriber(from).to_string()));
        let key = format!("minted:{}:{digest}", now_ms / window_ms);
        if self.cache.count(&key, 1, WINDOW).await <= i64::from(self.settings.minted_per_hour) {
            return Ok(());
        }
        let left_ms = window_ms - now_ms % window_ms;
        Err(PlayerError::TooMany(Duration::from_millis(left_ms.unsigned_abs())))
    }

    /// Gives the next tokens for a refresh token.
    ///
    /// # Errors
    /// It is not good, or was used before: then all that followed from it ends too.
    pub async fn refresh(&self, (studio, world): (StudioId, i32), shown: &Refresh) -> Result<SignedIn, PlayerError> {
        let (next, text) = Refresh::draw()?;
        let now_ms = clock::now_ms();
        let expires_at_ms = after(now_ms, self.settings.refresh_lasts);
        match self.store.rotate(studio, world, shown, &next, expires_at_ms).await? {
            Rotated::Done(id) => Ok(self.signed_in(&Player { studio, world, id }, text, now_ms)),
            Rotated::Reused => {
                tracing::warn!(%studio, world, "a refresh token was shown a second time; its family is revoked");
                Err(PlayerError::RefreshReused)
            }
            Rotated::Unknown => Err(PlayerError::RefreshInvalid),
        }
    }

    fn signed_in(&self, player: &Player, refresh: Secret, now_ms: i64) -> SignedIn {
        let expires_at_ms = after(now_ms, self.settings.token_lasts);
        let token = model::print_token(player, expires_at_ms, &self.signer);
        SignedIn { player: player.id, token, expires_at_ms, refresh }
    }

    /// The player whose token this is.
    #[must_use]
    pub fn of_token(&self, token: &str) -> Option<Player> {
        model::read_token(token, clock::now_ms(), &self.signer)
    }

    /// When a player was minted.
    ///
    /// # Errors
    /// There is none of that id.
    pub async fn created_at_ms(&self, player: &Player) -> Result<i64, PlayerError> {
        self.store.created_at_ms(player).await?.ok_or(PlayerError::Gone)
    }
}
