//! Example values in the API description.

pub use crate::identity::examples::{game, studio};

/// The id of a game of the catalogue.
#[must_use]
pub fn game_id() -> String {
    "4711".to_owned()
}

/// The id of a record whose game is unclear.
#[must_use]
pub fn record_id() -> String {
    "17".to_owned()
}
