//! Counters and claims that end by themselves, for what is to be slow when it is tried often. Shared by all instances where
//! Redis answers, this instance's own where it does not: then each instance counts for itself, which is still slow.

use std::time::{Duration, Instant};

use moka::{Expiry, policy::EvictionPolicy, sync};

use super::Cache;

/// Counters that are kept at most; the least recently used ones go first.
const MOST: u64 = 100_000;

/// This instance's own counters.
#[derive(Clone, Debug)]
pub struct Counters(sync::Cache<String, Tally>);

#[derive(Clone, Copy, Debug)]
struct Tally {
    count: i64,
    ttl: Duration,
    ends: Instant,
}

impl Tally {
    fn new(count: i64, ttl: Duration) -> Self {
        Self { count, ttl, ends: Instant::now() + ttl }
    }
}

struct OwnTtl;

impl Expiry<String, Tally> for OwnTtl {
    fn expire_after_create(&self, _: &String, tally: &Tally, _: Instant) -> Option<Duration> {
        Some(tally.ttl)
    }

    fn expire_after_update(&self, _: &String, tally: &Tally, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(tally.ttl)
    }
}

impl Default for Counters {
    fn default() -> Self {
        // By use alone: the default policy may refuse a newcomer, and a counter that is never kept counts nothing.
        let policy = EvictionPolicy::lru();
        Self(sync::Cache::builder().max_capacity(MOST).eviction_policy(policy).expire_after(OwnTtl).build())
    }
}

impl Counters {
    fn get(&self, key: &str) -> i64 {
        self.0.get(key).map_or(0, |tally| tally.count)
    }

    fn add(&self, key: &str, by: i64, ttl: Duration) -> i64 {
        let raised = self.0.entry_by_ref(key).and_upsert_with(|found| {
            let before = found.map_or(0, |entry| entry.into_value().count);
            Tally::new(before.saturating_add(by), ttl)
        });
        raised.into_value().count
    }

    fn claim(&self, key: &str, ttl: Duration) -> Result<(), Duration> {
        let entry = self.0.entry_by_ref(key).or_insert_with(|| Tally::new(1, ttl));
        if entry.is_fresh() { Ok(()) } else { Err(entry.into_value().ends.saturating_duration_since(Instant::now())) }
    }
}

impl Cache {
    fn counters(&self) -> &Counters {
        match self {
            Self::Memory(memory) => memory.counters(),
            Self::Redis(redis) => redis.counters(),
        }
    }

    /// What a counter stands at; 0 where there is none.
    pub async fn counted(&self, key: &str) -> i64 {
        if let Self::Redis(redis) = self
            && let Some(count) = redis.counted(key).await
        {
            return count;
        }
        self.counters().get(key)
    }

    /// Raises a counter in one step, and returns what it stands at then. It ends `ttl` after it was last raised.
    pub async fn count(&self, key: &str, by: i64, ttl: Duration) -> i64 {
        if let Self::Redis(redis) = self
            && let Some(count) = redis.count(key, by, ttl).await
        {
            return count;
        }
        self.counters().add(key, by, ttl)
    }

    /// Takes what only one can have until `ttl` is over.
    ///
    /// # Errors
    /// Another has it, for so long.
    pub async fn claim(&self, key: &str, ttl: Duration) -> Result<(), Duration> {
        if let Self::Redis(redis) = self
            && let Some(outcome) = redis.claim(key, ttl).await
        {
            return outcome;
        }
        self.counters().claim(key, ttl)
    }

    /// Forgets a counter or a claim.
    pub async fn forget(&self, key: &str) {
        if let Self::Redis(redis) = self {
            redis.forget(key).await;
        }
        self.counters().0.invalidate(key);
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
        counters.0.invalidate("a");
        assert_eq!(counters.claim("a", LONG), Ok(()));
    }
}
