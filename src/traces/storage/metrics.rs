//! The metrics of storage.

use crate::platform::metrics::{GaugeVec, MetricsError, Registry};

/// The metrics of storage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StorageMetrics {
    worlds: GaugeVec,
    fullest: GaugeVec,
}

impl StorageMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help =
            "Worlds in use on this instance that store over 80 percent of what they or their studio may, by state.";
        let worlds = registry.gauge_vec("cairn_storage_worlds", help, &["state"])?;
        let help = "The largest used part of a bound of storage among the worlds in use on this instance, in percent.";
        let fullest = registry.gauge_vec("cairn_storage_used_percent", help, &["bound"])?;
        Ok(Self { worlds, fullest })
    }

    /// Sets how many worlds are above four fifths of a bound, and how many are full.
    pub fn set_worlds(&self, filling: i64, full: i64) {
        self.worlds.with_label_values(&["filling"]).set(filling);
        self.worlds.with_label_values(&["full"]).set(full);
    }

    /// Sets the largest used part of a bound, in percent.
    pub fn set_fullest(&self, bound: &'static str, percent: i64) {
        self.fullest.with_label_values(&[bound]).set(percent);
    }
}
