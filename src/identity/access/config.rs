//! The settings of rate limits.

use serde::Deserialize;

use super::rate_classes;
use crate::platform::{
    byte_budget::ByteLimit,
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
    app_rate: u32,
    address_rate: u32,
}

impl Section for RateLimitConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        for (key, rate) in [
            ("key_rate", self.key_rate),
            ("player_rate", self.player_rate),
            ("account_rate", self.account_rate),
            ("app_rate", self.app_rate),
            ("address_rate", self.address_rate),
        ] {
            within(key, rate, 0..=100_000_000)?;
        }
        Ok(())
    }
}

/// The settings of how fast what is stored may grow: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of settings")]
pub struct StorageRateConfig {
    address_bytes_per_day: u64,
    player_bytes_per_day: u64,
    key_bytes_per_day: u64,
}

/// The most that a setting can say.
const MOST_BYTES: u64 = 1_000_000_000_000_000;

impl Section for StorageRateConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("address_bytes_per_day", self.address_bytes_per_day, 0..=MOST_BYTES)?;
        within("player_bytes_per_day", self.player_bytes_per_day, 0..=MOST_BYTES)?;
        within("key_bytes_per_day", self.key_bytes_per_day, 0..=MOST_BYTES)
    }
}

impl StorageRateConfig {
    /// The limits of all classes of subjects.
    #[must_use]
    pub fn limits(&self) -> Vec<ByteLimit> {
        [
            (ADDRESS, self.address_bytes_per_day, false),
            (rate_classes::PLAYER, self.player_bytes_per_day, false),
            (rate_classes::KEY, self.key_bytes_per_day, true),
        ]
        .map(|(class, per_day, is_shared)| ByteLimit { class, per_day, is_shared })
        .into()
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
            (rate_classes::APP, self.app_rate),
            (ADDRESS, self.address_rate),
        ]
        .map(|(class, per_minute)| RateLimit { class, per_minute })
        .into()
    }
}
