//! What sections of the configuration have in common.
//!
//! Each part of the program that has settings declares them in a section of its own, with their bounds; `config` reads
//! them all. What each setting means, its unit and its default stand in `config/default.toml`.

use std::{fmt, ops::RangeInclusive};

use serde::de::DeserializeOwned;

/// The settings of one part of the program. The names of its fields are the names of the settings.
pub trait Section: DeserializeOwned {
    /// Checks the bounds of all values.
    ///
    /// # Errors
    /// The first value that is out of range.
    fn check(&self) -> Result<(), OutOfRange>;
}

/// A setting has a value that is out of range.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {key} is {value}, and must be {bound}")]
pub struct OutOfRange {
    /// The setting.
    pub key: &'static str,
    /// Its value.
    pub value: String,
    /// What it must be.
    pub bound: String,
}

/// Checks that a setting's value is within a range.
///
/// # Errors
/// When the value is out of range.
pub fn within<T: Copy + PartialOrd + fmt::Display>(
    key: &'static str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), OutOfRange> {
    if range.contains(&value) {
        return Ok(());
    }
    let bound = format!("from {} to {}", range.start(), range.end());
    Err(OutOfRange { key, value: value.to_string(), bound })
}
