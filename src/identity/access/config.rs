//! The settings of rate limits.

use serde::Deserialize;

use super::rate_classes;
use crate::platform::{
    config::{OutOfRange, Section, within},
    rate_limit::{ADDRESS, RateLimit},
};

/// The settings of rate limits: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of settings")]
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

impl RateLimitConfig {
    /// The limits of all classes of subjects.
    #[must_use]
    pub fn limits(&self) -> Vec<RateLimit> {
        [
            (rate_classes::KEY, self.key_rate),
            (rate_classes::PLAYER, self.player_rate),
            (rate_classes::ACCOUNT, self.account_rate),
            (ADDRESS, self.address_rate),
        ]
        .map(|(class, per_minute)| RateLimit { class, per_minute })
        .into()
    }
}
