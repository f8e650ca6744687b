//! Legacy names of players: the `u_uuid` under which v0 clients write.

use uuid::Uuid;

use super::Players;
use crate::{
    identity::{
        access::{Actor, Grant, Player},
        players::model::{LegacyName, MAX_LEGACY_NAMES, PlayerError},
    },
    platform::{codec::json, db::StudioId},
};

impl Players {
    /// The legacy names of a player, in the order in which they were bound.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn legacy_names(&self, player: &Player) -> Result<Vec<String>, PlayerError> {
        Ok(self.store.legacy_names(player).await?)
    }

    /// The player to whom a name is bound in a world; `None` where it is bound to nobody, or not valid.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn find_by_legacy_name(
        &self,
        studio: StudioId,
        world: i32,
        name: &str,
    ) -> Result<Option<Player>, PlayerError> {
        let Ok(name) = LegacyName::parse(name) else { return Ok(None) };
        let id = self.store.find_by_legacy_name(studio, world, &name).await?;
        Ok(id.map(|id| Player { studio, world, id }))
    }

    /// Binds a name to a player of the key's world; changes nothing where it is that player's already.
    ///
    /// # Errors
    /// There is no such player, the name is another player's, or the player has too many.
    pub async fn bind_legacy_name(&self, grant: &Grant, id: Uuid, name: &LegacyName) -> Result<(), PlayerError> {
        let player = self.player_of(grant, id).await?;
        match self.store.find_by_legacy_name(grant.studio, grant.world, name).await? {
            Some(owner) if owner == id => return Ok(()),
            Some(_) => return Err(PlayerError::LegacyNameTaken),
            None => {}
        }
        if self.store.legacy_names(&player).await?.len() >= MAX_LEGACY_NAMES {
            return Err(PlayerError::TooManyLegacyNames);
        }
        // Audited first: the audit log can't be in the same transaction, and must hold whatever was done.
        self.audit(grant, id, name, "seed_name.bound").await?;
        self.store.insert_legacy_name(&player, name).await?;
        // Another request may have bound it at the same time.
        let owner = self.store.find_by_legacy_name(grant.studio, grant.world, name).await?;
        if owner == Some(id) { Ok(()) } else { Err(PlayerError::LegacyNameTaken) }
    }

    /// Unbinds a name from a player of the key's world; changes nothing where it is not that player's.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn unbind_legacy_name(&self, grant: &Grant, id: Uuid, name: &LegacyName) -> Result<(), PlayerError> {
        let player = self.player_of(grant, id).await?;
        if self.store.find_by_legacy_name(grant.studio, grant.world, name).await? != Some(id) {
            return Ok(());
        }
        self.audit(grant, id, name, "seed_name.unbound").await?;
        Ok(self.store.delete_legacy_name(&player, name).await?)
    }

    async fn audit(&self, grant: &Grant, id: Uuid, name: &LegacyName, action: &str) -> Result<(), PlayerError> {
        let name = json::quoted(name.as_str());
        let detail = format!("{name} in {} {}", grant.game, grant.environment.name());
        Ok(self
            .studios
            .record_audit(grant.studio, Actor::Key(&grant.key), action, format!("player:{id}"), detail)
            .await?)
    }
}
