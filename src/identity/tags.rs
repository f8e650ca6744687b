//! The tags of identity's routes in the description of the API.

use poem_openapi::Tags;

/// A chapter of the description.
#[derive(Tags)]
pub enum Tag {
    /// People who can sign in, and their sessions.
    Accounts,
    /// People as others see them: profiles, follows, blocks, and finding each other.
    People,
    /// What users are told.
    Notices,
    /// Studios' games, and the keys that open them.
    Studios,
    /// Who somebody is inside one game.
    Players,
}
