//! The settings of saves.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section, within};

/// The settings of saves: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SavesConfig {
    user_saves_bytes: u64,
    save_file_bytes: u64,
    save_versions: u64,
    save_window_secs: u64,
}

/// The bounds of saves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes of one user; 0: no bound.
    pub user_bytes: u64,
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Versions of a slot that are kept, and as many that are held.
    pub versions: u64,
    /// Changes of one app password with shorter pauses than that are one version.
    pub window: Duration,
    /// The address of the server as users know it.
    pub public_url: String,
}

impl Section for SavesConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("user_saves_bytes", self.user_saves_bytes, 0..=1_000_000_000_000_000)?;
        within("save_file_bytes", self.save_file_bytes, 1024..=17_179_869_184)?;
        within("save_versions", self.save_versions, 1..=1000)?;
        within("save_window_secs", self.save_window_secs, 1..=600)
    }
}

impl SavesConfig {
    /// The settings of a server at that address.
    #[must_use]
    pub fn settings(&self, public_url: &str) -> Settings {
        Settings {
            user_bytes: self.user_saves_bytes,
            file_bytes: self.save_file_bytes,
            versions: self.save_versions,
            window: Duration::from_secs(self.save_window_secs),
            public_url: public_url.to_owned(),
        }
    }
}
