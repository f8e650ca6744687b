//! The settings of rate limits.

use serde::Deserialize;

use crate::platform::{
    config::{OutOfRange, Section, within},
    rate_limit::Limits,
};

/// The settings of rate limits: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct RateLimitConfig {
    key_rate: u32,
    player_rate: u32,
    account_rate: u32,
    address_rate: u32,
}

impl Section for RateLimitConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        for (key, rate) in [
            ("key_rate", self.key_rate),
            ("player_rate", self.player_rate),
            ("account_rate", self.account_rate),
            ("address_rate", self.address_rate),
        ] {
            within(key, rate, 0..=100_000_000)?;
        }
        Ok(())
    }
}

impl From<&RateLimitConfig> for Limits {
    fn from(config: &RateLimitConfig) -> Self {
        Self {
            key: config.key_rate,
            player: config.player_rate,
            account: config.account_rate,
            address: config.address_rate,
        }
    }
}
