//! The settings of requests to other hosts.

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section};

/// The settings of requests to other hosts: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct OutboundConfig {
    pub(super) outbound_private: bool,
}

impl Section for OutboundConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        Ok(())
    }
}
