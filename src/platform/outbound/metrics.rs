//! Metrics of requests to other hosts.

use crate::platform::metrics::{CounterVec, MetricsError, Registry};

/// Counts requests to other hosts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OutboundMetrics {
    requests: CounterVec,
}

impl OutboundMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Requests to other hosts, by host and outcome.";
        Ok(Self { requests: registry.counter_vec("cairn_outbound_requests_total", help, &["host", "outcome"])? })
    }

    /// Counts a request.
    pub fn asked(&self, host: &str, outcome: &str) {
        self.requests.with_label_values(&[host, outcome]).inc();
    }
}
