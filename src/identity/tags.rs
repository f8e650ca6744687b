//! The tags of identity's routes in the description of the API.

use poem_openapi::Tags;

/// A chapter of the description.
#[derive(Tags)]
pub enum Tag {
    /// People who can sign in, and their sessions.
    Accounts,
    /// Studios' games, and the keys that open them.
    Studios,
    /// Who somebody is inside one game.
    Players,
}
