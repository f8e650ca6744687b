//! The settings of traces: the open world, writing, and snapshots.

use std::time::Duration;

use serde::Deserialize;

use super::{Settings, settings::ScopeLimits};
use crate::platform::{
    config::{OutOfRange, Section, within},
    writer,
};

/// The settings of traces: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct TracesConfig {
    /// Whether the v0 routes work without a key.
    pub open_world: OpenWorld,
    write_queue: usize,
    write_queue_bytes: usize,
    write_batch: usize,
    write_worlds: usize,
    scope_objects: u32,
    scope_messages: u32,
    scope_phantoms: u32,
    idempotency_hours: u32,
    snapshot_bytes: u64,
    recent_bytes: usize,
    snapshot_wait_ms: u64,
    revision_check_ms: u64,
    cache_duration: u64,
}

/// Whether the v0 routes work without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OpenWorldValue")]
pub enum OpenWorld {
    /// On with SQLite, off with PostgreSQL.
    Auto,
    /// On or off.
    Set(bool),
}

/// A file may write `true` with or without quotes; values from the environment are always text.
#[derive(Deserialize)]
#[serde(untagged)]
enum OpenWorldValue {
    Bool(bool),
    Text(String),
}

impl TryFrom<OpenWorldValue> for OpenWorld {
    type Error = &'static str;

    fn try_from(value: OpenWorldValue) -> Result<Self, Self::Error> {
        match value {
            OpenWorldValue::Bool(is_open) => Ok(Self::Set(is_open)),
            OpenWorldValue::Text(text) => match text.as_str() {
                "auto" => Ok(Self::Auto),
                "true" => Ok(Self::Set(true)),
                "false" => Ok(Self::Set(false)),
                _ => Err("open_world must be auto, true or false"),
            },
        }
    }
}

impl TracesConfig {
    /// How many traces of each kind a scope keeps at most, whatever its game's settings say.
    #[must_use]
    pub fn scope_limits(&self) -> ScopeLimits {
        ScopeLimits { objects: self.scope_objects, messages: self.scope_messages, phantoms: self.scope_phantoms }
    }

    /// How long a reader waits for a snapshot or deck to be made.
    #[must_use]
    pub fn snapshot_wait(&self) -> Duration {
        Duration::from_millis(self.snapshot_wait_ms)
    }
}

impl Section for TracesConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("write_queue", self.write_queue, 1..=1_000_000)?;
        within("write_queue_bytes", self.write_queue_bytes, 1_048_576..=17_179_869_184)?;
        within("write_batch", self.write_batch, 1..=1024)?;
        within("write_worlds", self.write_worlds, 1..=1000)?;
        within("scope_objects", self.scope_objects, 200..=100_000_000)?;
        within("scope_messages", self.scope_messages, 200..=100_000_000)?;
        within("scope_phantoms", self.scope_phantoms, 20..=100_000_000)?;
        within("idempotency_hours", self.idempotency_hours, 1..=720)?;
        within("snapshot_bytes", self.snapshot_bytes, 1_048_576..=68_719_476_736)?;
        within("recent_bytes", self.recent_bytes, 0..=1_073_741_824)?;
        within("snapshot_wait_ms", self.snapshot_wait_ms, 10..=60_000)?;
        within("revision_check_ms", self.revision_check_ms, 50..=60_000)?;
        within("cache_duration", self.cache_duration, 1..=86_400)
    }
}

impl From<&TracesConfig> for Settings {
    fn from(config: &TracesConfig) -> Self {
        Self {
            writer: writer::Limits {
                queue_jobs: config.write_queue,
                queue_bytes: config.write_queue_bytes,
                batch_jobs: config.write_batch,
                lanes: config.write_worlds,
            },
            remember_keys: Duration::from_hours(u64::from(config.idempotency_hours)),
            snapshot_bytes: config.snapshot_bytes,
            recent_bytes: config.recent_bytes,
            snapshot_wait: config.snapshot_wait(),
            revision_check: Duration::from_millis(config.revision_check_ms),
            cache_ttl: Duration::from_secs(config.cache_duration),
        }
    }
}
