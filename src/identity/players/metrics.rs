//! Metrics of players.

use crate::platform::metrics::{Counter, MetricsError, Registry};

/// Counts players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PlayerMetrics {
    minted: Counter,
}

impl PlayerMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self { minted: registry.counter("cairn_players_minted_total", "Players minted.")? })
    }

    /// Counts a player who was minted.
    pub fn player_minted(&self) {
        self.minted.inc();
    }
}
