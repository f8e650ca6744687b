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
    cache_namespace: String,
}

/// The longest `cache_namespace`, in bytes.
const NAMESPACE_BYTES: usize = 64;

impl CacheConfig {
    /// The prefix of all keys and channels in Redis, for a database that has drawn this name.
    #[must_use]
    pub fn namespace(&self, drawn: &str) -> String {
        let Self { cache_namespace, .. } = self;
        if cache_namespace.is_empty() { format!("cairn:{drawn}") } else { format!("cairn:{cache_namespace}:{drawn}") }
    }

    /// How long one Redis command may take.
    #[must_use]
    pub fn redis_deadline(&self) -> Duration {
        Duration::from_millis(self.redis_timeout_ms)
    }
}

impl Section for CacheConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("cache_bytes", self.cache_bytes, 1_048_576..=68_719_476_736)?;
        within("redis_timeout_ms", self.redis_timeout_ms, 10..=10_000)?;
        let name = &self.cache_namespace;
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if name.len() > NAMESPACE_BYTES || !is_plain {
            let bound = format!("at most {NAMESPACE_BYTES} letters, digits, \"-\", \"_\" and \".\"");
            return Err(OutOfRange { key: "cache_namespace", value: format!("{name:?}"), bound });
        }
        Ok(())
    }
}
