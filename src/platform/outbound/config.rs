//! The settings of requests to other hosts.

use serde::Deserialize;

use super::connection::Origin;
use crate::platform::config::{OutOfRange, Section};

/// Checks that a setting is the URL of a host.
///
/// # Errors
/// It is none.
pub fn check_url(key: &'static str, url: &str) -> Result<(), OutOfRange> {
    if Origin::parse(url).is_some() {
        return Ok(());
    }
    // Not the value: there may be a password in it.
    let bound = "the URL of a host (https://host/path), without a name and password".to_owned();
    Err(OutOfRange { key, value: "something else".to_owned(), bound })
}

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
