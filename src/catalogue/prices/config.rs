//! The settings of prices.

use std::time::Duration;

use serde::Deserialize;

use super::service::Settings;
use crate::platform::{
    config::{OutOfRange, Section, within},
    outbound,
};

/// The settings of prices: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct PricesConfig {
    prices: bool,
    price_ttl_minutes: u64,
    cheapshark_url: String,
    frankfurter_url: String,
}

impl Section for PricesConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        // The provider's terms ask for an hour.
        within("price_ttl_minutes", self.price_ttl_minutes, 60..=10_080)?;
        outbound::check_url("cheapshark_url", &self.cheapshark_url)?;
        outbound::check_url("frankfurter_url", &self.frankfurter_url)
    }
}

impl From<&PricesConfig> for Settings {
    fn from(config: &PricesConfig) -> Self {
        Self {
            is_on: config.prices,
            ttl: Duration::from_secs(config.price_ttl_minutes * 60),
            cheapshark: config.cheapshark_url.clone(),
            frankfurter: config.frankfurter_url.clone(),
        }
    }
}
