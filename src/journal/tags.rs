//! The tags of the journal's routes in the description of the API.

use poem_openapi::Tags;

/// A chapter of the description.
#[derive(Tags)]
pub enum Tag {
    /// What players keep of their games.
    Journal,
}
