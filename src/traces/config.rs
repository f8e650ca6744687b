//! The settings of traces: the open world, what is kept, and snapshots.

use std::time::Duration;

use serde::Deserialize;

use super::{settings::ScopeLimits, upkeep, v0};
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of traces; `config/default.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
pub struct TracesConfig {
    /// Whether the v0 routes work without a key.
    pub open_world: OpenWorld,
    scope_objects: u32,
    scope_messages: u32,
    scope_phantoms: u32,
    idempotency_hours: u32,
    network_votes: u16,
    snapshot_bytes: u64,
    snapshot_wait_ms: u64,
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
    type Error = String;

    fn try_from(value: OpenWorldValue) -> Result<Self, Self::Error> {
        match value {
            OpenWorldValue::Bool(is_open) => Ok(Self::Set(is_open)),
            OpenWorldValue::Text(text) => match text.to_ascii_lowercase().as_str() {
                "auto" => Ok(Self::Auto),
                "true" => Ok(Self::Set(true)),
                "false" => Ok(Self::Set(false)),
                _ => Err(format!("is {text:?}, and must be auto, true or false")),
            },
        }
    }
}

impl TracesConfig {
    /// The most traces of each kind that a scope keeps, whatever its game's settings say.
    #[must_use]
    pub fn scope_limits(&self) -> ScopeLimits {
        ScopeLimits { objects: self.scope_objects, messages: self.scope_messages, phantoms: self.scope_phantoms }
    }

    /// How long a repeated request is answered as the first was.
    #[must_use]
    pub fn idempotency_kept(&self) -> Duration {
        Duration::from_hours(u64::from(self.idempotency_hours))
    }

    /// How many whole votes the players of one network have together on a trace; 0: no bound.
    #[must_use]
    pub fn network_votes(&self) -> u16 {
        self.network_votes
    }

    /// How long a reader waits for a snapshot or deck to be made.
    #[must_use]
    pub fn snapshot_wait(&self) -> Duration {
        Duration::from_millis(self.snapshot_wait_ms)
    }
}

impl Section for TracesConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("scope_objects", self.scope_objects, 200..=100_000_000)?;
        within("scope_messages", self.scope_messages, 200..=100_000_000)?;
        within("scope_phantoms", self.scope_phantoms, 20..=100_000_000)?;
        within("idempotency_hours", self.idempotency_hours, 1..=720)?;
        within("network_votes", self.network_votes, 0..=1000)?;
        within("snapshot_bytes", self.snapshot_bytes, 1_048_576..=68_719_476_736)?;
        within("snapshot_wait_ms", self.snapshot_wait_ms, 10..=60_000)?;
        within("cache_duration", self.cache_duration, 1..=86_400)
    }
}

impl From<&TracesConfig> for v0::Settings {
    fn from(config: &TracesConfig) -> Self {
        Self {
            snapshot_bytes: config.snapshot_bytes,
            snapshot_wait: config.snapshot_wait(),
            cache_ttl: Duration::from_secs(config.cache_duration),
        }
    }
}

impl From<&TracesConfig> for upkeep::Settings {
    fn from(config: &TracesConfig) -> Self {
        Self { idempotency_kept: config.idempotency_kept() }
    }
}
