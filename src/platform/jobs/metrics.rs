//! Metrics of jobs.

use crate::platform::metrics::{CounterVec, Gauge, GaugeVec, MetricsError, Registry};

/// Counts jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct JobMetrics {
    attempts: CounterVec,
    jobs: GaugeVec,
    overdue: Gauge,
}

impl JobMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Attempts to do a job, by kind and outcome.";
        let attempts = registry.counter_vec("cairn_job_attempts_total", help, &["kind", "outcome"])?;
        let help = "Jobs of the installation that wait, and dead letters, by kind. Counted once a minute.";
        let jobs = registry.gauge_vec("cairn_jobs", help, &["kind", "state"])?;
        let help = "How long the job of the installation that has waited longest is overdue.";
        Ok(Self { attempts, jobs, overdue: registry.gauge("cairn_jobs_overdue_seconds", help)? })
    }

    /// Counts an attempt.
    pub fn attempt(&self, kind: &str, outcome: &str) {
        self.attempts.with_label_values(&[kind, outcome]).inc();
    }

    /// Forgets how many jobs there were.
    pub fn reset(&self) {
        self.jobs.reset();
    }

    /// Sets how many jobs there are.
    pub fn set_jobs(&self, kind: &str, is_dead: bool, count: i64) {
        self.jobs.with_label_values(&[kind, if is_dead { "dead" } else { "waiting" }]).set(count);
    }

    /// Sets how long the oldest job is overdue.
    pub fn set_overdue(&self, secs: i64) {
        self.overdue.set(secs);
    }
}
