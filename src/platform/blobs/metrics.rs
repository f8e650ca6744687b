//! Metrics of blobs.

use super::model::Bucket;
use crate::platform::metrics::{CounterVec, GaugeVec, MetricsError, Registry};

/// Counts blobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BlobMetrics {
    blobs: GaugeVec,
    bytes: GaugeVec,
    stored: CounterVec,
    removed: CounterVec,
}

impl BlobMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Files, and uploads that are expected, by bucket. Read once a minute.";
        let blobs = registry.gauge_vec("cairn_blobs", help, &["bucket"])?;
        let help = "Bytes of files, and of uploads that are expected, by bucket. Read once a minute.";
        let bytes = registry.gauge_vec("cairn_blob_bytes", help, &["bucket"])?;
        let help = "Files that were stored, by how they came.";
        let stored = registry.counter_vec("cairn_blobs_stored_total", help, &["how"])?;
        let help = "Files that were removed, by why: given up or expired, or without a row.";
        let removed = registry.counter_vec("cairn_blobs_removed_total", help, &["why"])?;
        Ok(Self { blobs, bytes, stored, removed })
    }

    pub(super) fn set(&self, bucket: Bucket, blobs: i64, bytes: i64) {
        self.blobs.with_label_values(&[bucket.name()]).set(blobs);
        self.bytes.with_label_values(&[bucket.name()]).set(bytes);
    }

    pub(super) fn stored(&self, how: &str) {
        self.stored.with_label_values(&[how]).inc();
    }

    pub(super) fn removed(&self, why: &str, count: usize) {
        self.removed.with_label_values(&[why]).inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }
}
