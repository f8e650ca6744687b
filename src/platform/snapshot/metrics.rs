//! Metrics of snapshot caches. All caches of the program share them.

use std::time::Duration;

use crate::platform::metrics::{Counter, Histogram, MetricsError, Registry, SECONDS};

/// Where the snapshot came from that a reader got.
#[derive(Clone, Copy, Debug)]
pub enum ReadOutcome {
    /// From the cache, and nothing newer is known.
    Hot,
    /// Refreshed while the reader waited.
    Made,
    /// From the cache although something newer is known: too many readers wait for the refresh, or it fails.
    Stale,
    /// Nowhere: there was none, and the refresh failed.
    Missing,
}

/// Counts reads and refreshes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SnapshotMetrics {
    hot: Counter,
    made: Counter,
    stale: Counter,
    missing: Counter,
    refresh_seconds: Histogram,
    lag_seconds: Histogram,
}

impl SnapshotMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let reads = registry.counter_vec("cairn_view_reads_total", "Snapshots served, by outcome.", &["outcome"])?;
        let reads = |outcome: &str| reads.with_label_values(&[outcome]);
        let help = "Age of a snapshot when it is refreshed: since something newer was first known.";
        Ok(Self {
            hot: reads("hot"),
            made: reads("made"),
            stale: reads("stale"),
            missing: reads("missing"),
            refresh_seconds: registry.histogram(
                "cairn_view_refresh_seconds",
                "Time to refresh a snapshot.",
                &SECONDS,
            )?,
            lag_seconds: registry.histogram("cairn_view_lag_seconds", help, &SECONDS)?,
        })
    }

    /// Counts a read.
    pub fn read(&self, outcome: ReadOutcome) {
        match outcome {
            ReadOutcome::Hot => self.hot.inc(),
            ReadOutcome::Made => self.made.inc(),
            ReadOutcome::Stale => self.stale.inc(),
            ReadOutcome::Missing => self.missing.inc(),
        }
    }

    /// Counts a refresh. `lag`: since something newer was first known, where a snapshot was held.
    pub fn refreshed(&self, took: Duration, lag: Option<Duration>) {
        self.refresh_seconds.observe(took.as_secs_f64());
        if let Some(lag) = lag {
            self.lag_seconds.observe(lag.as_secs_f64());
        }
    }
}
