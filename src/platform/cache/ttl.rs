//! A map in this process, bounded, whose values each have a time to live of their own.

use std::time::{Duration, Instant};

use moka::{Entry, Expiry, policy::EvictionPolicy, sync};

/// Bounded in size, each value with a time to live. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TtlCache<V: Clone + Send + Sync + 'static>(sync::Cache<String, Expiring<V>>);

/// A value, and how long it lives from when it was stored.
#[derive(Clone, Copy, Debug)]
pub struct Expiring<V> {
    /// The value.
    pub value: V,
    ttl: Duration,
    expires_at: Instant,
}

impl<V> Expiring<V> {
    fn new(value: V, ttl: Duration) -> Self {
        Self { value, ttl, expires_at: Instant::now() + ttl }
    }

    /// How long it still lives.
    pub fn remaining(&self) -> Duration {
        self.expires_at.saturating_duration_since(Instant::now())
    }
}

struct OwnTtl;

impl<V> Expiry<String, Expiring<V>> for OwnTtl {
    fn expire_after_create(&self, _: &String, stored: &Expiring<V>, _: Instant) -> Option<Duration> {
        Some(stored.ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        stored: &Expiring<V>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(stored.ttl)
    }
}

impl<V: Clone + Send + Sync + 'static> TtlCache<V> {
    /// A cache of at most `capacity`, in the unit of `weigh` (a key and its value).
    pub fn weighed(capacity: u64, weigh: impl Fn(&str, &V) -> u32 + Send + Sync + 'static) -> Self {
        let weigher = move |key: &String, stored: &Expiring<V>| weigh(key, &stored.value);
        Self(sync::Cache::builder().max_capacity(capacity).weigher(weigher).expire_after(OwnTtl).build())
    }

    /// A cache of at most that many values, the least recently used of which go first. The default policy may refuse a
    /// new key, which is wrong for a counter: one that is never stored counts nothing.
    pub fn least_recently_used(values: u64) -> Self {
        let builder = sync::Cache::builder().max_capacity(values).eviction_policy(EvictionPolicy::lru());
        Self(builder.expire_after(OwnTtl).build())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<V> {
        self.0.get(key).map(|stored| stored.value)
    }

    /// Stores a value for `ttl`.
    pub fn set(&self, key: &str, value: V, ttl: Duration) {
        self.0.insert(key.to_owned(), Expiring::new(value, ttl));
    }

    /// Replaces a value in one step, by what `change` makes of it; returns the new one, which lives for `ttl` from now.
    pub fn update(&self, key: &str, ttl: Duration, change: impl FnOnce(Option<V>) -> V) -> V {
        let entry = self.0.entry_by_ref(key).and_upsert_with(|found| {
            let before = found.map(|entry| entry.into_value().value);
            Expiring::new(change(before), ttl)
        });
        entry.into_value().value
    }

    /// Stores a value for `ttl` where there is none.
    ///
    /// # Errors
    /// The one that is there.
    pub fn set_if_absent(&self, key: &str, value: V, ttl: Duration) -> Result<(), Expiring<V>> {
        let entry: Entry<String, Expiring<V>> = self.0.entry_by_ref(key).or_insert_with(|| Expiring::new(value, ttl));
        if entry.is_fresh() { Ok(()) } else { Err(entry.into_value()) }
    }

    /// Removes a key.
    pub fn remove(&self, key: &str) {
        self.0.invalidate(key);
    }
}
