//! Metrics of accounts.

use crate::platform::metrics::{Counter, MetricsError, Registry};

/// Counts hashes of passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccountMetrics {
    password_hashes: Counter,
}

impl AccountMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Passwords hashed, to store or to verify them.";
        Ok(Self { password_hashes: registry.counter("cairn_password_hashes_total", help)? })
    }

    /// Counts a password that is hashed.
    pub fn password_hash(&self) {
        self.password_hashes.inc();
    }
}
