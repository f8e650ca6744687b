//! The cache of a single process.

use std::time::Duration;

use bytes::Bytes;

use super::{counters::Counters, ttl::TtlCache};

/// Values, bounded in bytes, and counters.
#[derive(Clone, Debug)]
pub struct Memory {
    values: TtlCache<Bytes>,
    /// Apart from the values, whose bytes would evict them.
    counters: Counters,
}

impl Memory {
    pub(super) fn new(bytes: u64) -> Self {
        let weigh = |key: &str, value: &Bytes| u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX);
        Self { values: TtlCache::weighed(bytes, weigh), counters: Counters::default() }
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(super) fn get(&self, key: &str) -> Option<Bytes> {
        self.values.get(key)
    }

    pub(super) fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        self.values.set(key, value, ttl);
    }
}
