//! The settings of players.

use std::time::Duration;

use serde::Deserialize;

use super::Settings;
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of players: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct PlayersConfig {
    player_token_secs: u64,
    player_refresh_days: u64,
    players_per_hour: u32,
}

impl Section for PlayersConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("player_token_secs", self.player_token_secs, 60..=86_400)?;
        within("player_refresh_days", self.player_refresh_days, 1..=3650)?;
        within("players_per_hour", self.players_per_hour, 1..=1_000_000)
    }
}

impl PlayersConfig {
    /// The settings of players, where a repeated request is answered as the first was for that time.
    #[must_use]
    pub fn settings(&self, requests_kept: Duration) -> Settings {
        Settings {
            token_ttl: Duration::from_secs(self.player_token_secs),
            refresh_token_ttl: Duration::from_hours(self.player_refresh_days * 24),
            requests_kept,
            new_players_per_hour: self.players_per_hour,
        }
    }
}
