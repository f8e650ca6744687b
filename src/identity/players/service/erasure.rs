//! Erasing a player: what this feature stores of them. What the domains above store, they erase.

use std::time::Duration;

use super::{Players, after};
use crate::{
    identity::{access::Player, players::model::PlayerError},
    platform::{clock, db::Row},
};

/// How often each instance reads who was erased.
const READ_EVERY: Duration = Duration::from_secs(1);

/// How often erased players are forgotten whose tokens have expired.
const FORGET_EVERY: Duration = Duration::from_mins(10);

impl Players {
    /// Begins to erase a player: their tokens are not valid any more, here at once and on other instances within a second.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn begin_erasure(&self, player: &Player) -> Result<(), PlayerError> {
        self.find(player).await?;
        self.store.begin_erasure(player, after(clock::now_ms(), self.settings.token_ttl)).await?;
        self.erased.add(player);
        Ok(())
    }

    /// Deletes the player with their device, refresh tokens, legacy names, links and link codes.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn delete(&self, player: &Player) -> Result<(), PlayerError> {
        Ok(self.store.delete_player(player).await?)
    }

    /// Ends what [`Players::begin_erasure`] has begun: nothing is stored of the player any more but a digest of their id, until
    /// their tokens would have expired.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn finish_erasure(&self, player: &Player) -> Result<(), PlayerError> {
        Ok(self.store.finish_erasure(player).await?)
    }

    /// The players whose erasure was cut short.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn unfinished_erasures(&self) -> Result<Vec<Player>, PlayerError> {
        Ok(self.store.unfinished_erasures().await?)
    }

    /// The rows of this feature about a player, by table.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn personal_rows(&self, player: &Player) -> Result<Vec<(&'static str, Vec<Row>)>, PlayerError> {
        self.find(player).await?;
        Ok(self.store.personal_rows(player).await?)
    }

    /// Reads again and again who was erased by other instances.
    pub(super) async fn watch_erasures(self) {
        let mut forget_at = tokio::time::Instant::now();
        loop {
            match self.store.erased_digests().await {
                Ok(digests) => self.erased.replace(digests),
                Err(error) => tracing::debug!(%error, "reading which players were erased failed"),
            }
            if tokio::time::Instant::now() >= forget_at {
                forget_at = tokio::time::Instant::now() + FORGET_EVERY;
                if let Err(error) = self.store.delete_expired_erasures().await {
                    tracing::warn!(%error, "forgetting which players were erased failed");
                }
            }
            tokio::time::sleep(READ_EVERY).await;
        }
    }
}
