//! Metrics of traces: of the writer and the snapshots that they use, and of how snapshots are refreshed.

use crate::platform::{
    metrics::{CounterVec, MetricsError, Registry},
    snapshot::metrics::SnapshotMetrics,
    writer::WriterMetrics,
};

/// Counts what is done for traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TraceMetrics {
    /// Of the queue and the batches of writes.
    pub writer: WriterMetrics,
    /// Of the snapshots of scopes and decks.
    pub snapshots: SnapshotMetrics,
    refreshes: CounterVec,
    cache_reads: CounterVec,
}

impl TraceMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Snapshots refreshed, by source: changes that were announced, or a query of the database.";
        let refreshes = registry.counter_vec("cairn_view_refreshes_total", help, &["from"])?;
        let help = "Snapshots looked up in the cache, by outcome.";
        let cache_reads = registry.counter_vec("cairn_cache_reads_total", help, &["outcome"])?;
        let (writer, snapshots) = (WriterMetrics::register(registry)?, SnapshotMetrics::register(registry)?);
        Ok(Self { writer, snapshots, refreshes, cache_reads })
    }

    /// Counts a snapshot that is refreshed from the changes that were announced, or else by a query of the database.
    pub fn refreshed_from(&self, announced: bool) {
        self.refreshes.with_label_values(&[if announced { "heard" } else { "database" }]).inc();
    }

    /// Counts a look-up of a snapshot in the cache that instances share.
    pub fn cache_read(&self, found: bool) {
        self.cache_reads.with_label_values(&[if found { "found" } else { "missing" }]).inc();
    }
}
