//! The settings of decks.

use std::time::Duration;

use serde::Deserialize;

use super::Settings;
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of decks: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct DecksConfig {
    deck_bytes: u64,
}

impl DecksConfig {
    /// The settings of decks; `wait` is how long a reader waits for one to be dealt.
    #[must_use]
    pub fn settings(&self, wait: Duration) -> Settings {
        Settings { deck_bytes: self.deck_bytes, wait }
    }
}

impl Section for DecksConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("deck_bytes", self.deck_bytes, 1_048_576..=68_719_476_736)
    }
}
