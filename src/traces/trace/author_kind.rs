//! Whether the author of a trace is known, or claimed.

use crate::platform::named::Named;

/// Whether the author of a trace is known, or claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorKind {
    /// A player whose id this server has minted, and who left the trace with a token.
    Minted,
    /// A name that a v0 client has sent, or that an import names: it proves nothing, whatever it looks like.
    Claimed,
}

impl AuthorKind {
    /// The kind of an author who is a player, or is not.
    #[must_use]
    pub fn of(is_player: bool) -> Self {
        if is_player { Self::Minted } else { Self::Claimed }
    }
}

impl Named for AuthorKind {
    const SET: &'static str = "AuthorKind";
    const MEMBERS: &'static [Self] = &[Self::Minted, Self::Claimed];

    fn public_name(self) -> &'static str {
        match self {
            Self::Minted => "minted",
            Self::Claimed => "claimed",
        }
    }
}
