//! The settings of studios and their keys.

use std::time::Duration;

use serde::Deserialize;

use super::{KeyringSettings, Settings};
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of studios and their keys: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct StudiosConfig {
    key_check_ms: u64,
    key_grace_secs: u64,
    studios_by: StudioCreators,
    studios_per_user: u32,
    invitation_hours: u64,
}

/// Who may create studios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StudioCreators {
    /// Everybody with an account.
    Anyone,
    /// Administrators.
    Administrator,
}

impl StudiosConfig {
    /// The settings of studios, where a repeated request is answered as the first was for that time.
    #[must_use]
    pub fn settings(&self, requests_kept: Duration) -> Settings {
        Settings {
            keyring: KeyringSettings {
                check_interval: Duration::from_millis(self.key_check_ms),
                grace: Duration::from_secs(self.key_grace_secs),
            },
            anyone_creates_studios: self.studios_by == StudioCreators::Anyone,
            studios_per_user: self.studios_per_user,
            invitations_last: Duration::from_hours(self.invitation_hours),
            requests_kept,
        }
    }
}

impl Section for StudiosConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("key_check_ms", self.key_check_ms, 50..=1000)?;
        within("key_grace_secs", self.key_grace_secs, 0..=604_800)?;
        within("studios_per_user", self.studios_per_user, 1..=10_000)?;
        within("invitation_hours", self.invitation_hours, 1..=8760)
    }
}
