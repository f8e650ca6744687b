//! The settings of the engine: the write queue, and keeping instances up to date.

use std::time::Duration;

use serde::Deserialize;

use super::{Settings, storage::StorageBounds};
use crate::platform::{
    config::{OutOfRange, Section, within},
    writer,
};

/// The settings of worlds; `config/default.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
pub struct WorldsConfig {
    write_queue: usize,
    write_queue_bytes: usize,
    write_batch: usize,
    write_worlds: usize,
    recent_bytes: usize,
    revision_check_ms: u64,
}

impl Section for WorldsConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("write_queue", self.write_queue, 1..=1_000_000)?;
        within("write_queue_bytes", self.write_queue_bytes, 1_048_576..=17_179_869_184)?;
        within("write_batch", self.write_batch, 1..=1024)?;
        within("write_worlds", self.write_worlds, 1..=1000)?;
        within("recent_bytes", self.recent_bytes, 0..=1_073_741_824)?;
        within("revision_check_ms", self.revision_check_ms, 50..=60_000)
    }
}

impl WorldsConfig {
    /// The engine's settings, with those bounds of what is stored.
    #[must_use]
    pub fn settings(&self, bounds: StorageBounds) -> Settings {
        Settings {
            bounds,
            writer: writer::Limits {
                queue_jobs: self.write_queue,
                queue_bytes: self.write_queue_bytes,
                batch_jobs: self.write_batch,
                lanes: self.write_worlds,
            },
            recent_bytes: self.recent_bytes,
            revision_check: Duration::from_millis(self.revision_check_ms),
        }
    }
}
