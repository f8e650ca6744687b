//! Example values of challenges.

pub use crate::journal::examples::{game, username};

/// The id of a challenge.
#[must_use]
pub fn challenge() -> String {
    "512".to_owned()
}

/// What a host says.
pub const TEXT: &str = "Split screen, and tea.";

/// The name of an area.
pub const AREA: &str = "Iași, Copou";

/// An address.
pub const ADDRESS: &str = "Strada Sărărie 12, ap. 3";

/// A time zone.
pub const ZONE: &str = "Europe/Bucharest";

/// A time: 2026-12-05T16:00:00Z.
pub const STARTS_MS: i64 = 1_796_486_400_000;
