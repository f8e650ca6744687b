//! Counters and claims that expire by themselves: the basis of throttling. All instances share them where Redis
//! answers. Where it does not, each instance counts for itself, which still throttles.

use std::time::Duration;

use super::{Cache, ttl::TtlCache};

/// Counters that are kept at most; the least recently used ones are evicted first.
const CAPACITY: u64 = 100_000;

/// This instance's own counters.
#[derive(Clone, Debug)]
pub struct Counters(TtlCache<i64>);

impl Default for Counters {
    fn default() -> Self {
        Self(TtlCache::least_recently_used(CAPACITY))
    }
}

impl Counters {
    fn get(&self, key: &str) -> i64 {
        self.0.get(key).unwrap_or_default()
    }

    fn add(&self, key: &str, by: i64, ttl: Duration) -> i64 {
        self.0.update(key, ttl, |before| before.unwrap_or_default().saturating_add(by))
    }

    fn claim(&self, key: &str, ttl: Duration) -> Result<(), Duration> {
        self.0.set_if_absent(key, 1, ttl).map_err(|claimed| claimed.remaining())
    }
}

impl Cache {
    fn counters(&self) -> &Counters {
        match self {
            Self::Memory(memory) => memory.counters(),
            Self::Redis(redis) => redis.counters(),
        }
    }

    /// The value of a counter; 0 where there is none.
    pub async fn counted(&self, key: &str) -> i64 {
        if let Self::Redis(redis) = self
            && let Some(count) = redis.counted(key).await
        {
            return count;
        }
        self.counters().get(key)
    }

    /// Adds to a counter atomically and returns its new value. It expires `ttl` after the last addition.
    pub async fn count(&self, key: &str, by: i64, ttl: Duration) -> i64 {
        if let Self::Redis(redis) = self
            && let Some(count) = redis.count(key, by, ttl).await
        {
            return count;
        }
        self.counters().add(key, by, ttl)
    }

    /// Claims a key for `ttl`: only one caller can hold it.
    ///
    /// # Errors
    /// Another caller holds it; for how long it still does.
    pub async fn claim(&self, key: &str, ttl: Duration) -> Result<(), Duration> {
        if let Self::Redis(redis) = self
            && let Some(outcome) = redis.claim(key, ttl).await
        {
            return outcome;
        }
        self.counters().claim(key, ttl)
    }

    /// Removes a counter or a claim.
    pub async fn forget(&self, key: &str) {
        if let Self::Redis(redis) = self {
            redis.forget(key).await;
        }
        self.counters().0.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn a_counter_counts_and_ends() {
        let counters = Counters::default();
        assert_eq!((counters.add("a", 2, LONG), counters.add("a", -1, LONG), counters.get("a")), (2, 1, 1));
        assert_eq!(counters.get("b"), 0);
        counters.add("short", 1, Duration::ZERO);
        assert_eq!(counters.get("short"), 0);
    }

    #[test]
    fn only_one_has_a_claim() {
        let counters = Counters::default();
        assert_eq!(counters.claim("a", LONG), Ok(()));
        assert!(counters.claim("a", LONG).unwrap_err() > LONG / 2);
        counters.0.remove("a");
        assert_eq!(counters.claim("a", LONG), Ok(()));
    }
}
