//! What can be done with players: sign in, stay signed in, be bound to a name of the seed's.

use std::{net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{
    model::{self, Device, LegacyName, PlayerError, Refresh, SEED_NAMES, SignedIn},
    store::{Rotated, Store},
};
use crate::{
    identity::{
        access::model::{Actor, Grant, Player},
        accounts::Accounts,
        studios::Studios,
    },
    platform::{
        cache::Cache,
        clock,
        codec::{hex, json},
        db::{Database, StudioId},
        metrics::Metrics,
        network::subscriber,
        secret::Secret,
        signer::Signer,
        token,
    },
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
    studios: Studios,
    cache: Cache,
    accounts: Accounts,
    signer: Signer,
    settings: Settings,
    metrics: Metrics,
}

pub(super) fn after(now_ms: i64, lasts: Duration) -> i64 {
    now_ms.saturating_add(clock::ms(lasts))
}

impl Players {
    /// Starts the feature, with the secret of this installation.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        database: Database,
        studios: Studios,
        cache: Cache,
        accounts: Accounts,
        settings: Settings,
        metrics: &Metrics,
    ) -> Result<Self, PlayerError> {
        let store = Store::new(database);
        let secret = store.signing_key(token::bytes()?).await?;
        let signer = Signer::new(&secret);
        Ok(Self { store, studios, cache, accounts, signer, settings, metrics: metrics.clone() })
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.cache
    }

    pub(super) fn accounts(&self) -> &Accounts {
        &self.accounts
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
        let window_ms = clock::ms(WINDOW);
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

    /// The names under which a player's seed client writes.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn legacy_names(&self, of: &Player) -> Result<Vec<String>, PlayerError> {
        Ok(self.store.legacy_names(of).await?)
    }

    /// Whose a name is under which a seed's client writes in a world; nothing where it is nobody's, or no name.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn named(&self, studio: StudioId, world: i32, name: &str) -> Result<Option<Player>, PlayerError> {
        let Ok(name) = LegacyName::parse(name) else { return Ok(None) };
        let owner = self.store.owner(studio, world, &name).await?;
        Ok(owner.map(|id| Player { studio, world, id }))
    }

    /// Binds a name to a player of the key's world; nothing to do when it is that player's already.
    ///
    /// # Errors
    /// There is no such player, the name is another's, or the player has too many.
    pub async fn bind(&self, grant: &Grant, id: Uuid, name: &LegacyName) -> Result<(), PlayerError> {
        let player = self.player_of(grant, id).await?;
        match self.store.owner(grant.studio, grant.world, name).await? {
            Some(owner) if owner == id => return Ok(()),
            Some(_) => return Err(PlayerError::SeedNameTaken),
            None => {}
        }
        if self.store.legacy_names(&player).await?.len() >= SEED_NAMES {
            return Err(PlayerError::TooManySeedNames);
        }
        // Before it is done, since it can't be in one transaction: what is done is written down for certain.
        self.note(grant, id, name, "legacy_name.bound").await?;
        self.store.bind(&player, name).await?;
        // Of two who bind it at once the other may have been first.
        let owner = self.store.owner(grant.studio, grant.world, name).await?;
        if owner == Some(id) { Ok(()) } else { Err(PlayerError::SeedNameTaken) }
    }

    /// Takes a name from a player of the key's world; nothing to do when it is not that player's.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn unbind(&self, grant: &Grant, id: Uuid, name: &LegacyName) -> Result<(), PlayerError> {
        let player = self.player_of(grant, id).await?;
        if self.store.owner(grant.studio, grant.world, name).await? != Some(id) {
            return Ok(());
        }
        self.note(grant, id, name, "legacy_name.unbound").await?;
        Ok(self.store.unbind(&player, name).await?)
    }

    /// The player of that id in the key's world.
    ///
    /// # Errors
    /// There is none.
    pub async fn player_of(&self, grant: &Grant, id: Uuid) -> Result<Player, PlayerError> {
        let player = Player { studio: grant.studio, world: grant.world, id };
        self.created_at_ms(&player).await?;
        Ok(player)
    }

    async fn note(&self, grant: &Grant, id: Uuid, name: &LegacyName, action: &str) -> Result<(), PlayerError> {
        let name = json::quoted(name.as_str());
        let detail = format!("{name} in {} {}", grant.game, grant.environment.name());
        Ok(self.studios.note(grant.studio, Actor::Key(&grant.key), action, format!("player:{id}"), detail).await?)
    }
}
