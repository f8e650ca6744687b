//! The cache, and the messages that instances publish to each other. Nothing in it is needed for correctness: every
//! call has a time-out, a cache that is away behaves like an empty one, and a message may be lost.

mod config;
mod counters;
mod memory;
mod publisher;
mod redis;
mod ttl;

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

pub use self::{
    config::CacheConfig,
    publisher::{LocalAmount, Publisher},
    redis::{RedisError, is_redis_url},
};
use super::{secret::Secret, tasks::Tasks};

/// Which cache, and where.
#[derive(Clone, Debug)]
pub enum Target {
    /// In this process, bounded in bytes.
    Memory {
        /// The total size of its values.
        bytes: u64,
    },
    /// Redis, shared by all instances.
    Redis {
        /// `redis://host:port`.
        url: Secret,
        /// The time-out of one command.
        deadline: Duration,
    },
}

/// The open cache. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Cache {
    /// In this process.
    Memory(memory::Memory),
    /// Redis.
    Redis(redis::Redis),
}

/// The state of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The cache answers.
    Up,
    /// The cache does not answer.
    Away,
}

impl Cache {
    /// Opens the cache. Redis need not be reachable: the client reconnects in the background for ever. `namespace` is
    /// the prefix of every key and channel; what is published on each of `channels` arrives at its receiver.
    ///
    /// # Errors
    /// The URL can't be read.
    pub fn open<const N: usize>(
        target: &Target,
        namespace: &str,
        channels: [&'static str; N],
        tasks: &Tasks,
    ) -> Result<(Self, [mpsc::Receiver<Bytes>; N]), RedisError> {
        match target {
            // A single process needs no messages about its own changes; nothing arrives on the channels.
            Target::Memory { bytes } => {
                Ok((Self::Memory(memory::Memory::new(*bytes)), channels.map(|_| mpsc::channel(1).1)))
            }
            Target::Redis { url, deadline } => {
                let (redis, receivers) = redis::Redis::open(url, *deadline, namespace, channels, tasks)?;
                Ok((Self::Redis(redis), receivers))
            }
        }
    }

    /// The value of a key; `None` where there is none, or the cache is away.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match self {
            Self::Memory(memory) => memory.get(key),
            Self::Redis(redis) => redis.get(key).await,
        }
    }

    /// Stores a value for `ttl`, if the cache is available.
    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Self::Memory(memory) => memory.set(key, value, ttl),
            Self::Redis(redis) => redis.set(key, value, ttl).await,
        }
    }

    /// Publishes a message to the other instances on a channel, if the cache is available.
    pub async fn announce(&self, channel: &'static str, message: Bytes) {
        match self {
            Self::Memory(_) => {}
            Self::Redis(redis) => redis.announce(channel, message).await,
        }
    }

    /// Whether other instances receive what is published here.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Redis(_))
    }

    /// Whether it answers now.
    pub async fn state(&self) -> State {
        match self {
            Self::Memory(_) => State::Up,
            Self::Redis(redis) => redis.state().await,
        }
    }
}
