//! Metrics of the pool of connections.

use crate::platform::metrics::{GaugeVec, MetricsError, Registry};

/// The gauges of the pool. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PoolMetrics {
    connections: GaugeVec,
}

impl PoolMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Connections of the pool, by state.";
        Ok(Self { connections: registry.gauge_vec("cairn_database_connections", help, &["state"])? })
    }

    /// Sets how many connections are open, and how many of these are idle, before the metrics are read.
    pub fn set_connections(&self, open: u32, idle: usize) {
        let idle = i64::try_from(idle).unwrap_or(i64::MAX);
        self.connections.with_label_values(&["idle"]).set(idle);
        self.connections.with_label_values(&["used"]).set(i64::from(open).saturating_sub(idle));
    }
}
