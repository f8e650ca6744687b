//! All SQL of feeds and first pages.

mod feed;
mod home;

use crate::platform::db::Control;

/// Reads feeds and first pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }
}
