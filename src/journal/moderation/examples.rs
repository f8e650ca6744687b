//! Example values of moderation in the API description.

pub use crate::journal::examples::{TIME_MS, thought, username};

/// The id of a verdict.
#[must_use]
pub fn verdict() -> String {
    "318".to_owned()
}

/// A text that was reported.
pub const TEXT: &str = "Buy gold cheap at gold.example";

/// A note of somebody who reports.
pub const NOTE: &str = "The same under every game.";

/// What an author says against a verdict.
pub const APPEAL: &str = "It was a quotation from the game.";
