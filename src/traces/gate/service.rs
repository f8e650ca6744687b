//! The gate itself, with what an instance remembers of the worlds' guards.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    model::{Ban, Refused},
    store,
    weight::{self, Voter},
};
use crate::{
    identity::access::Player,
    platform::{
        db::{Database, Tenant},
        error::StoreError,
        network::Network,
        signer::Signer,
    },
    traces::settings::{GameRules, Rules, TextRule},
    worlds::{WorldKey, WorldStore},
};

/// Decides whether somebody may write something to a world. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rules: GameRules,
    networks: Networks,
    /// The guards of the worlds that are not at 0, as far as this instance knows.
    guards: Mutex<HashMap<WorldKey, i64>>,
}

/// How networks are told apart, and what each may do.
#[derive(Clone, Debug)]
pub struct Networks {
    /// Signs the digests of networks, which are stored: without its secret they name nobody.
    pub signer: Signer,
    /// How many whole votes the players of one network have together on a trace; 0: no bound.
    pub votes: u16,
}

impl Gate {
    /// A gate that knows these rules.
    #[must_use]
    pub fn new(rules: GameRules, networks: Networks) -> Self {
        Self(Arc::new(Inner { rules, networks, guards: Mutex::default() }))
    }

    /// A keyed digest of the network at an address, another one in each world; `None` where networks are not bounded.
    #[must_use]
    pub fn network(&self, world: WorldKey, address: IpAddr) -> Option<i64> {
        let Networks { signer, votes } = &self.0.networks;
        if *votes == 0 {
            return None;
        }
        let signature = signer.sign(format!("{world} {}", Network::site(address)).as_bytes());
        signature.first_chunk().map(|first| i64::from_be_bytes(*first))
    }

    /// A player who votes or reports from an address.
    #[must_use]
    pub fn voter(&self, player: &Player, address: IpAddr) -> Voter {
        let network = self.network(WorldKey::of_player(player), address);
        let bound = i32::from(self.0.networks.votes) * weight::WHOLE;
        Voter { player: player.id, network, bound }
    }

    /// The rules of a world.
    #[must_use]
    pub fn rules(&self, world: WorldKey) -> Arc<Rules> {
        self.0.rules.rules(world.studio(), world.world())
    }

    /// Whether the v0 routes are open for a world.
    #[inline]
    #[must_use]
    pub fn is_v0_open(&self, world: WorldKey) -> bool {
        self.0.rules.is_v0_open(world.studio(), world.world())
    }

    /// The rules of a world that takes part in v0.
    ///
    /// # Errors
    /// It does not.
    pub fn v0_rules(&self, world: WorldKey) -> Result<Arc<Rules>, Refused> {
        let rules = self.rules(world);
        if rules.v0 { Ok(rules) } else { Err(Refused::V0Closed) }
    }

    /// The guard of a world, as far as this instance knows: 0 where nobody was ever banned.
    #[must_use]
    pub fn guard(&self, world: WorldKey) -> i64 {
        self.guards().get(&world).copied().unwrap_or_default()
    }

    /// Those of these names that v0 clients may not claim.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn refused(
        &self,
        tenant: &Tenant,
        world: WorldKey,
        authors: &HashSet<&str>,
    ) -> Result<HashSet<String>, StoreError> {
        let banned = store::bans_of_names(&tenant.world(world.world()), authors).await?;
        Ok(banned.into_iter().map(|(author, _)| author).collect())
    }

    /// Reads the guard of a world again, after a statement has found another one than was named.
    ///
    /// # Errors
    /// There is no such world, or the database is unavailable.
    pub async fn look_again(&self, tenant: &Tenant, world: WorldKey) -> Result<(), StoreError> {
        let guard = WorldStore::guard(tenant, world).await?;
        let mut guards = self.guards();
        if guard == 0 {
            guards.remove(&world);
        } else {
            guards.insert(world, guard);
        }
        Ok(())
    }

    /// The ban because of which one of these names was refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ban_of(
        &self,
        tenant: &Tenant,
        world: WorldKey,
        authors: &HashSet<&str>,
    ) -> Result<Option<Ban>, StoreError> {
        let banned = store::bans_of_names(&tenant.world(world.world()), authors).await?;
        Ok(banned.into_iter().map(|(_, ban)| ban).max_by_key(|ban| ban.until_ms.unwrap_or(i64::MAX)))
    }

    fn guards(&self) -> MutexGuard<'_, HashMap<WorldKey, i64>> {
        self.0.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a player may have a display name now: they are not banned, and the game takes words from players.
///
/// # Errors
/// The database is unavailable.
pub async fn check_name(
    database: &Database,
    rules: &GameRules,
    player: &Player,
) -> Result<Result<(), Refused>, StoreError> {
    if rules.rules(player.studio, player.world).text == TextRule::Off {
        return Ok(Err(Refused::TextDisabled(TextRule::Off)));
    }
    let tables = database.tenant(player.studio).await?.world(player.world);
    let ban = store::active_ban_of(&tables, player.id).await?;
    Ok(ban.map_or(Ok(()), |ban| Err(Refused::Banned(ban))))
}
