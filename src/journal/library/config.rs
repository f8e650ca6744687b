//! The settings of libraries.

use std::time::Duration;

use serde::Deserialize;

use super::service::Settings;
use crate::platform::config::{OutOfRange, Section, within};

const HOUR_SECS: u64 = 3600;

/// The settings of libraries: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
pub struct LibraryConfig {
    library_undo_hours: u64,
    library_import_undo_days: u64,
    library_import_bytes: u64,
}

impl Section for LibraryConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("library_undo_hours", self.library_undo_hours, 1..=720)?;
        within("library_import_undo_days", self.library_import_undo_days, 1..=365)?;
        within("library_import_bytes", self.library_import_bytes, 1024..=268_435_456)
    }
}

impl From<&LibraryConfig> for Settings {
    fn from(config: &LibraryConfig) -> Self {
        Self {
            undo: Duration::from_secs(config.library_undo_hours * HOUR_SECS),
            import_undo: Duration::from_secs(config.library_import_undo_days * 24 * HOUR_SECS),
            import_bytes: config.library_import_bytes,
        }
    }
}
