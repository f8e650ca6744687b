//! Display names of players: set by the player, read by anyone who reads the world, removed and locked by moderators.

use std::collections::HashMap;

use uuid::Uuid;

use super::Players;
use crate::{
    identity::{
        access::{Player, UserId},
        players::model::{DisplayName, NamedPlayer, PlayerError},
    },
    platform::db::StudioId,
};

impl Players {
    /// Sets a player's display name, or removes it.
    ///
    /// # Errors
    /// There is no such player, a moderator has locked the name, or the player may have none now.
    pub async fn set_display_name(&self, player: &Player, name: Option<&DisplayName>) -> Result<(), PlayerError> {
        if name.is_some() {
            (self.names.0)(player.clone()).await?;
        }
        if self.store.set_display_name(player, name).await? {
            return Ok(());
        }
        self.find(player).await?;
        // A locked name is removed already.
        if name.is_none() { Ok(()) } else { Err(PlayerError::NameLocked) }
    }

    /// Whether a player may have a display name now.
    pub(super) async fn may_be_named(&self, player: &Player) -> Result<bool, PlayerError> {
        match (self.names.0)(player.clone()).await {
            Err(PlayerError::NameRefused { .. }) => Ok(false),
            asked => asked.map(|()| true),
        }
    }

    /// Those of the players of a world who have a display name, in the order of their ids in `players`, each once.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn display_names(
        &self,
        studio: StudioId,
        world: i32,
        players: &[Uuid],
    ) -> Result<Vec<NamedPlayer>, PlayerError> {
        let named = self.store.display_names(studio, world, players).await?;
        let mut named: HashMap<Uuid, NamedPlayer> = named.into_iter().map(|named| (named.player, named)).collect();
        Ok(players.iter().filter_map(|player| named.remove(player)).collect())
    }

    /// Removes a player's display name, and locks it: the player can't set another.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn clear_display_name(&self, player: &Player) -> Result<(), PlayerError> {
        if self.store.lock_display_name(player).await? { Ok(()) } else { Err(PlayerError::NotFound) }
    }

    /// Lets a player have a display name again; returns whether it was locked.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn allow_display_name(&self, player: &Player) -> Result<bool, PlayerError> {
        Ok(self.store.unlock_display_name(player).await?)
    }

    /// Removes the display names of the players of an account, since a name may say who somebody is.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove_display_names(&self, user: &UserId) -> Result<(), PlayerError> {
        for (player, linked) in self.linked_players_by_key(user).await? {
            if linked.display_name.is_some() {
                self.store.set_display_name(&player, None).await?;
            }
        }
        Ok(())
    }
}
