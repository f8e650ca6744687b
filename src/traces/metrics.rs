//! The metrics of traces: the write queue, the snapshots, what is stored, and how snapshots are refreshed.

use super::storage::StorageMetrics;
use crate::platform::{
    metrics::{CounterVec, MetricsError, Registry},
    snapshot::metrics::SnapshotMetrics,
    writer::WriterMetrics,
};

/// The metrics of traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TraceMetrics {
    /// The metrics of the write queue and its batches.
    pub writer: WriterMetrics,
    /// The metrics of the snapshots of scopes and decks.
    pub snapshots: SnapshotMetrics,
    /// The metrics of what worlds store.
    pub storage: StorageMetrics,
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
        let storage = StorageMetrics::register(registry)?;
        Ok(Self { writer, snapshots, storage, refreshes, cache_reads })
    }

    /// Counts a refresh of a snapshot: from announced changes, or by a query of the database.
    pub fn refreshed_from(&self, announced: bool) {
        self.refreshes.with_label_values(&[if announced { "heard" } else { "database" }]).inc();
    }

    /// Counts a look-up of a snapshot in the shared cache.
    pub fn cache_read(&self, found: bool) {
        self.cache_reads.with_label_values(&[if found { "found" } else { "missing" }]).inc();
    }
}
