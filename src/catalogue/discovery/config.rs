//! The settings of discovery.

use serde::Deserialize;

use super::service::Settings;
use crate::platform::{
    config::{OutOfRange, Section, within},
    outbound,
    secret::Secret,
};

/// The settings of discovery: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
pub struct DiscoveryConfig {
    rawg_key: Secret,
    rawg_url: String,
    rawg_month: u64,
}

impl Section for DiscoveryConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        outbound::check_url("rawg_url", &self.rawg_url)?;
        within("rawg_month", self.rawg_month, 1..=1_000_000_000)
    }
}

impl From<&DiscoveryConfig> for Settings {
    fn from(config: &DiscoveryConfig) -> Self {
        Self { key: config.rawg_key.clone(), url: config.rawg_url.clone(), month: config.rawg_month }
    }
}
