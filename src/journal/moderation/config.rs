//! The settings of moderation.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section, within};

/// The settings of moderation: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ModerationConfig {
    moderation_hide_at_reports: u32,
    moderation_reporter_days: u32,
}

/// What the feature is told of them.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What reports weigh together when they hide something; 0: they never do.
    pub hide_at: u32,
    /// How old the account of a reporter must be for their reports to weigh anything.
    pub reporter_age: Duration,
}

impl Section for ModerationConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("moderation_hide_at_reports", self.moderation_hide_at_reports, 0..=1000)?;
        within("moderation_reporter_days", self.moderation_reporter_days, 0..=365)
    }
}

impl From<&ModerationConfig> for Settings {
    fn from(config: &ModerationConfig) -> Self {
        Self {
            hide_at: config.moderation_hide_at_reports,
            reporter_age: Duration::from_hours(u64::from(config.moderation_reporter_days) * 24),
        }
    }
}
