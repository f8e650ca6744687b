//! The settings of storage: how much a world and a studio may store.

use serde::Deserialize;

use super::{Storage, StorageBounds};
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of storage; `config/default.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
pub struct StorageConfig {
    world_bytes: u64,
    world_scopes: u64,
    studio_bytes: u64,
    studio_scopes: u64,
}

/// The most that a setting can say.
const MOST: u64 = 1_000_000_000_000_000;

impl Section for StorageConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("world_bytes", self.world_bytes, 0..=MOST)?;
        within("world_scopes", self.world_scopes, 0..=MOST)?;
        within("studio_bytes", self.studio_bytes, 0..=MOST)?;
        within("studio_scopes", self.studio_scopes, 0..=MOST)
    }
}

impl From<&StorageConfig> for StorageBounds {
    fn from(config: &StorageConfig) -> Self {
        let bound = |setting: u64| i64::try_from(setting).ok().filter(|bound| *bound > 0).unwrap_or(i64::MAX);
        let storage = |bytes, scopes| Storage { bytes: bound(bytes), scopes: bound(scopes) };
        Self {
            world: storage(config.world_bytes, config.world_scopes),
            studio: storage(config.studio_bytes, config.studio_scopes),
        }
    }
}
