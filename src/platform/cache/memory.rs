//! The cache of a lone process.

use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::{Expiry, sync};

use super::counters::Counters;

/// Bounded in bytes, each value with a time to live of its own.
#[derive(Clone, Debug)]
pub struct Memory {
    values: sync::Cache<String, (Bytes, Duration)>,
    /// Apart from the values, whose bytes would push them out.
    counters: Counters,
}

struct OwnTtl;

impl Expiry<String, (Bytes, Duration)> for OwnTtl {
    fn expire_after_create(&self, _: &String, (_, ttl): &(Bytes, Duration), _: Instant) -> Option<Duration> {
        Some(*ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        (_, ttl): &(Bytes, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(*ttl)
    }
}

impl Memory {
    pub(super) fn new(bytes: u64) -> Self {
        let weigh =
            |key: &String, (value, _): &(Bytes, Duration)| u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX);
        let values = sync::Cache::builder().max_capacity(bytes).weigher(weigh).expire_after(OwnTtl).build();
        Self { values, counters: Counters::default() }
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(super) fn get(&self, key: &str) -> Option<Bytes> {
        self.values.get(key).map(|(value, _)| value)
    }

    pub(super) fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        self.values.insert(key.to_owned(), (value, ttl));
    }
}
