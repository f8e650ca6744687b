//! Permissions of keys and of studios' members. In the API and in the database a key's permissions are its `scopes`.

use std::fmt;

use crate::platform::named::Named;

/// One thing that a key, or a studio's member, may do in a game's world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Read what the world holds.
    Read,
    /// Add something to it.
    Write,
    /// Hide, restore and ban what players left. Never with a publishable key.
    Moderate,
    /// Read and change how the game is set up. Never with a publishable key.
    Admin,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Moderate, Self::Admin];

    /// Its name in the API, on the command line and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Moderate => "moderate",
            Self::Admin => "admin",
        }
    }

    /// The permission of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }

    fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Write => 2,
            Self::Admin => 4,
            Self::Moderate => 8,
        }
    }
}

impl Named for Permission {
    const SET: &'static str = "Permission";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// The set of these permissions.
    #[must_use]
    pub fn of(permissions: &[Permission]) -> Self {
        Self(permissions.iter().fold(0, |bits, permission| bits | permission.bit()))
    }

    /// The set of these names, separated by white space; `None` where one names no permission.
    #[must_use]
    pub fn parse(names: &str) -> Option<Self> {
        let permissions: Option<Vec<Permission>> = names.split_whitespace().map(Permission::parse).collect();
        Some(Self::of(&permissions?))
    }

    /// Whether a permission is in the set.
    #[must_use]
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether every permission of this set is in the other.
    #[must_use]
    pub fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions in the set, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }

    /// The names, in the order of [`Permission::ALL`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.iter().map(Permission::name)
    }
}

/// The names, separated by spaces; [`Permissions::parse`] reads them back.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_parsed_back() {
        for permissions in [&[][..], &[Permission::Read], &[Permission::Admin, Permission::Write], &Permission::ALL] {
            let permissions = Permissions::of(permissions);
            assert_eq!(Permissions::parse(&permissions.to_string()), Some(permissions));
        }
        assert_eq!(Permissions::parse("read all"), None);
    }
}
