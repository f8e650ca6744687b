//! Example values of media.

pub use crate::journal::examples::{game, username};

/// The name of something of media.
#[must_use]
pub fn uuid() -> String {
    "0193702d-9c4e-7a10-b5d2-c3e4f5a60718".to_owned()
}

/// What its owner says.
pub const DESCRIPTION: &str = "The first sunrise.";

/// A digest.
pub const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
