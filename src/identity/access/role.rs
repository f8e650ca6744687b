//! The roles of a studio's members.

use super::{Permission, Permissions};
use crate::platform::named::Named;

/// The role of a member in a studio. Each role may do what those below it may, and more:
///
/// | role | may |
/// |---|---|
/// | viewer | see the studio, its members and games, and what their worlds hold |
/// | moderator | hide, restore and ban what players left |
/// | developer | register games, mint, rotate and revoke keys, change settings, leave traces, read the audit log |
/// | owner | invite and remove members, and change their roles |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// May read.
    Viewer,
    /// Moderates what players left.
    Moderator,
    /// Develops the games.
    Developer,
    /// Decides on members. A studio with members has at least one owner.
    Owner,
}

impl Role {
    /// All roles, lowest first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Moderator, Self::Developer, Self::Owner];

    /// Its name in the API, on the command line and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Moderator => "moderator",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What it may do in the worlds of the studio's games.
    #[must_use]
    pub fn permissions(self) -> Permissions {
        match self {
            Self::Viewer => Permissions::of(&[Permission::Read]),
            Self::Moderator => Permissions::of(&[Permission::Read, Permission::Moderate]),
            Self::Developer | Self::Owner => Permissions::of(&Permission::ALL),
        }
    }

    /// The lowest role that has a permission.
    #[must_use]
    pub fn least_with(permission: Permission) -> Self {
        Self::ALL.into_iter().find(|role| role.permissions().contains(permission)).unwrap_or(Self::Owner)
    }
}

impl Named for Role {
    const SET: &'static str = "Role";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table above [`Role`], in full.
    #[test]
    fn each_role_may_do_what_those_below_may() {
        for (lower, higher) in Role::ALL.iter().zip(&Role::ALL[1..]) {
            let is_subset = lower.permissions().is_subset_of(higher.permissions());
            assert!(lower < higher && is_subset, "{lower:?} {higher:?}");
        }
        let least =
            [Permission::Read, Permission::Moderate, Permission::Write, Permission::Admin].map(Role::least_with);
        assert_eq!(least, [Role::Viewer, Role::Moderator, Role::Developer, Role::Developer]);
    }

    #[test]
    fn names_parse_to_the_role_that_has_them() {
        assert!(Role::ALL.iter().all(|role| Role::parse(role.name()) == Some(*role)));
    }
}
