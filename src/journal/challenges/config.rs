//! The settings of challenges.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section, within};

/// The settings of challenges: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ChallengesConfig {
    challenge_offer_hours: u64,
}

/// What the feature is told of them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For how long a place that became free is kept for somebody at most.
    pub offered_for: Duration,
    /// The server's public URL.
    pub public_url: String,
}

impl Section for ChallengesConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("challenge_offer_hours", self.challenge_offer_hours, 1..=168)
    }
}

impl ChallengesConfig {
    /// The settings of a server of that address.
    #[must_use]
    pub fn settings(&self, public_url: &str) -> Settings {
        let offered_for = Duration::from_hours(self.challenge_offer_hours);
        Settings { offered_for, public_url: public_url.trim_end_matches('/').to_owned() }
    }
}
