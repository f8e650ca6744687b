//! The tags of the catalogue in the API description.

use poem_openapi::Tags;

/// A tag of operations in the API description.
#[derive(Tags)]
pub enum Tag {
    /// Games as the world knows them: their names, platforms, genres and dates.
    Games,
}
