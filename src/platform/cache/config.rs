//! The settings of the cache.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::{
    config::{OutOfRange, Section, within},
    secret::Secret,
};

/// The settings of the cache: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct CacheConfig {
    /// Empty: a cache in the process.
    pub redis_url: Secret,
    /// Bytes that the cache in the process may hold.
    pub cache_bytes: u64,
    redis_timeout_ms: u64,
}

impl CacheConfig {
    /// How long one Redis command may take.
    #[must_use]
    pub fn redis_deadline(&self) -> Duration {
        Duration::from_millis(self.redis_timeout_ms)
    }
}

impl Section for CacheConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("cache_bytes", self.cache_bytes, 1_048_576..=68_719_476_736)?;
        within("redis_timeout_ms", self.redis_timeout_ms, 10..=10_000)
    }
}
