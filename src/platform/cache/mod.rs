//! The cache, and the announcements that instances send each other. Nothing in it is needed for correctness: every call
//! is bounded in time, a cache that is away looks like an empty one, and an announcement may be lost.

mod config;
mod counters;
mod memory;
mod redis;

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

pub use self::{config::CacheConfig, redis::RedisError};
use super::{secret::Secret, tasks::Tasks};

/// Which cache, and where.
#[derive(Clone, Debug)]
pub enum Target {
    /// In this process, bounded in bytes.
    Memory {
        /// What its values may hold together.
        bytes: u64,
    },
    /// Redis, shared by all instances.
    Redis {
        /// `redis://host:port`.
        url: Secret,
        /// What one command may take.
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

/// How the cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Up,
    /// It does not.
    Away,
}

impl Cache {
    /// Opens the cache. Redis need not be there: it is sought for ever in the background. `namespace` goes before every
    /// key and channel; what is announced on each of `channels` comes out of its receiver.
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
            // A lone process hears its own changes without a cache; the channels stay silent.
            Target::Memory { bytes } => {
                Ok((Self::Memory(memory::Memory::new(*bytes)), channels.map(|_| mpsc::channel(1).1)))
            }
            Target::Redis { url, deadline } => {
                let (redis, heard) = redis::Redis::open(url, *deadline, namespace, channels, tasks)?;
                Ok((Self::Redis(redis), heard))
            }
        }
    }

    /// The value of a key; none when it is not there, or the cache is away.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match self {
            Self::Memory(memory) => memory.get(key),
            Self::Redis(redis) => redis.get(key).await,
        }
    }

    /// Keeps a value for `ttl`, if the cache is there.
    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Self::Memory(memory) => memory.set(key, value, ttl),
            Self::Redis(redis) => redis.set(key, value, ttl).await,
        }
    }

    /// Tells the other instances on one of the channels, if the cache is there.
    pub async fn announce(&self, channel: &'static str, message: Bytes) {
        match self {
            Self::Memory(_) => {}
            Self::Redis(redis) => redis.announce(channel, message).await,
        }
    }

    /// Whether other instances hear what is announced here.
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
