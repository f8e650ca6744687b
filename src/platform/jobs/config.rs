//! The settings of jobs.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section, within};

/// The settings of jobs: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct JobsConfig {
    job_lease_secs: u64,
    job_dead_letter_days: u64,
}

/// How jobs are leased and kept.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a job stays leased to an instance that says nothing.
    pub lease: Duration,
    /// How long dead letters are kept.
    pub keep_dead: Duration,
    /// Whether no other server uses the database.
    pub is_alone: bool,
}

impl JobsConfig {
    /// The settings of jobs, where this server has the database to itself or not.
    #[must_use]
    pub fn settings(&self, is_alone: bool) -> Settings {
        let keep_dead = Duration::from_hours(24 * self.job_dead_letter_days);
        Settings { lease: Duration::from_secs(self.job_lease_secs), keep_dead, is_alone }
    }
}

impl Section for JobsConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("job_lease_secs", self.job_lease_secs, 1..=600)?;
        within("job_dead_letter_days", self.job_dead_letter_days, 1..=3650)
    }
}
