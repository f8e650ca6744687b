//! The settings of the database.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

use super::{Limits, Migrate};
use crate::platform::{
    config::{OutOfRange, Section, within},
    secret::Secret,
};

/// The settings of the database: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct DatabaseConfig {
    /// The data folder.
    pub data: PathBuf,
    /// Empty: SQLite in the data folder.
    pub database_url: Secret,
    /// What to do with an older schema.
    pub migrate: Migrate,
    /// The slug of a studio that is about to be deleted, whose tables may be missing. Set by the command line.
    #[serde(skip)]
    pub given_up: Option<String>,
    database_connections: u32,
    database_timeout_ms: u64,
    open_studios: usize,
}

impl Section for DatabaseConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("database_connections", self.database_connections, 2..=1000)?;
        within("database_timeout_ms", self.database_timeout_ms, 100..=600_000)?;
        within("open_studios", self.open_studios, 1..=10_000)
    }
}

impl From<&DatabaseConfig> for Limits {
    fn from(config: &DatabaseConfig) -> Self {
        Self {
            connections: config.database_connections,
            deadline: Duration::from_millis(config.database_timeout_ms),
            open_studios: config.open_studios,
        }
    }
}
