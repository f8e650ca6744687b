//! The secret key, as it is configured.

use serde::Deserialize;

use super::KEY_BYTES;
use crate::platform::{
    codec::hex,
    config::{OutOfRange, Section},
    secret::Secret,
};

/// The settings of sealing: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct SealingConfig {
    /// The key in hexadecimal digits. Empty: the one in the data folder.
    pub secret_key: Secret,
}

impl Section for SealingConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        if self.secret_key.is_empty()
            || hex::to_bytes(self.secret_key.expose().trim()).is_some_and(|bytes| bytes.len() == KEY_BYTES)
        {
            return Ok(());
        }
        // Without the value, which is secret.
        let (value, bound) = ("something else".to_owned(), format!("{} hexadecimal digits", 2 * KEY_BYTES));
        Err(OutOfRange { key: "secret_key", value, bound })
    }
}
