//! Kinds of API keys, and why a key is refused.

use super::{Permission, Permissions};
use crate::platform::named::Named;

/// The kind of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ships inside the game, so anyone can extract it.
    Publishable,
    /// Stays on the studio's servers.
    Secret,
}

impl KeyKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Publishable, Self::Secret];

    /// Its name in the API, on the command line and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// All permissions that a key of this kind can have.
    #[must_use]
    pub fn max_permissions(self) -> Permissions {
        match self {
            Self::Publishable => Permissions::of(&[Permission::Read, Permission::Write]),
            Self::Secret => Permissions::of(&Permission::ALL),
        }
    }
}

impl Named for KeyKind {
    const SET: &'static str = "KeyKind";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// It is malformed, unknown, wrong or revoked; callers are not told which.
    #[error("the key is not valid")]
    Invalid,
    /// The key is not cached, and the database can't be reached.
    #[error("keys can't be looked up")]
    Unavailable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_to_the_kind_that_has_them() {
        assert!(KeyKind::ALL.iter().all(|kind| KeyKind::parse(kind.name()) == Some(*kind)));
    }

    #[test]
    fn a_publishable_key_never_administers() {
        for permission in [Permission::Admin, Permission::Moderate] {
            let permissions = Permissions::of(&[Permission::Read, permission]);
            assert!(!permissions.is_subset_of(KeyKind::Publishable.max_permissions()));
        }
        assert!(Permissions::of(&Permission::ALL).is_subset_of(KeyKind::Secret.max_permissions()));
    }
}
