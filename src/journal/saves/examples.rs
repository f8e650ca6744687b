//! Example values of saves.

pub use crate::journal::examples::game;

/// The id of a slot.
#[must_use]
pub fn save() -> String {
    "318".to_owned()
}

/// The number of a version.
#[must_use]
pub fn number() -> String {
    "4".to_owned()
}

/// A digest.
pub const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A path.
pub const PATH: &str = "profile1/save.dat";

/// What a device is called.
pub const DEVICE: &str = "Steam Deck";
