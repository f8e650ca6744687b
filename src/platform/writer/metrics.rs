//! Metrics of the writer.

use std::time::Duration;

use crate::platform::metrics::{Gauge, Histogram, MetricsError, Registry, SECONDS};

/// Bucket bounds for batch sizes, in jobs.
const JOBS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

/// Counts and times batches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WriterMetrics {
    queue_jobs: Gauge,
    batch_jobs: Histogram,
    commit_seconds: Histogram,
}

impl WriterMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            queue_jobs: registry.gauge("cairn_write_queue_jobs", "Writes that wait for their turn.")?,
            batch_jobs: registry.histogram("cairn_write_batch_jobs", "Writes that one transaction took.", &JOBS)?,
            commit_seconds: registry.histogram("cairn_write_commit_seconds", "Time to commit a batch.", &SECONDS)?,
        })
    }

    /// Sets how many jobs wait, before the metrics are read.
    pub fn set_queued(&self, jobs: usize) {
        self.queue_jobs.set(i64::try_from(jobs).unwrap_or(i64::MAX));
    }

    /// Counts a batch whose transaction has ended, with or without success.
    pub fn batch_ended(&self, jobs: usize, took: Duration) {
        self.batch_jobs.observe(f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)));
        self.commit_seconds.observe(took.as_secs_f64());
    }
}
