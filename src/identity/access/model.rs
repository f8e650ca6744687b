//! Who may do what, in the words that every feature uses: what a key opens, and what it may do there.

use std::{fmt, sync::Arc};

use uuid::Uuid;

use super::user_id::UserId;
use crate::platform::db::StudioId;

/// Which of a game's worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// The one that players share.
    Live,
    /// The one that developers try things in.
    Dev,
}

impl Environment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Live, Self::Dev];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Dev => "dev",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| environment.name() == name)
    }
}

/// What sort of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ships inside the game, so anyone can have it.
    Publishable,
    /// Stays with the studio's servers.
    Secret,
}

impl KeyKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Publishable, Self::Secret];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The most that a key of this sort may do.
    #[must_use]
    pub fn most(self) -> Permissions {
        match self {
            Self::Publishable => Permissions::of(&[Permission::Read, Permission::Write]),
            Self::Secret => Permissions::of(&Permission::ALL),
        }
    }
}

/// One thing that a key, or a studio's member, may do in a game's world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See what lies in the world.
    Read,
    /// Leave something there.
    Write,
    /// Hide, restore and ban what players left. Never with a publishable key.
    Moderate,
    /// See and change how the game is set up. Never with a publishable key.
    Admin,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Moderate, Self::Admin];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Moderate => "moderate",
            Self::Admin => "admin",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
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

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// These.
    #[must_use]
    pub fn of(scopes: &[Permission]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// As they were written, with spaces between; nothing where a name is none of ours.
    #[must_use]
    pub fn of_names(names: &str) -> Option<Self> {
        let scopes: Option<Vec<Permission>> = names.split_whitespace().map(Permission::of_name).collect();
        Some(Self::of(&scopes?))
    }

    /// Whether that one is among them.
    #[must_use]
    pub fn has(self, scope: Permission) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether all of them are among those.
    #[must_use]
    pub fn within(self, those: Self) -> bool {
        self.0 & !those.0 == 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Permission::ALL.into_iter().filter(move |scope| self.has(*scope)).map(Permission::name)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

/// What a key opens, and what it may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The key's id, which is no secret.
    pub key: Arc<str>,
    /// What sort of key.
    pub kind: KeyKind,
    /// Whose key.
    pub studio: StudioId,
    /// Which game it opens.
    pub game: Arc<str>,
    /// Which of the game's worlds.
    pub environment: Environment,
    /// That world, in the studio's own tables.
    pub world: i32,
    /// What it may do there.
    pub scopes: Permissions,
}

/// A world that anyone may read who names its game, because the game has decided so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicWorld {
    /// Whose game it is.
    pub studio: StudioId,
    /// Which game.
    pub game: Arc<str>,
    /// Which of the game's worlds.
    pub environment: Environment,
    /// That world, in the studio's own tables.
    pub world: i32,
}

/// What a member is to a studio. Each may do what those below may, and more:
///
/// | role | may |
/// |---|---|
/// | viewer | see the studio, its members and games, and what lies in their worlds |
/// | moderator | hide, restore and ban what players left |
/// | developer | register games, mint, rotate and revoke keys, change settings, leave traces, read the audit |
/// | owner | invite and remove members, and change their roles |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sees.
    Viewer,
    /// Looks after what players left.
    Moderator,
    /// Makes the games.
    Developer,
    /// Says who belongs to the studio. A studio with members has at least one.
    Owner,
}

impl Role {
    /// All of them, from the least.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Moderator, Self::Developer, Self::Owner];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Moderator => "moderator",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What it may do in the worlds of the studio's games.
    #[must_use]
    pub fn scopes(self) -> Permissions {
        match self {
            Self::Viewer => Permissions::of(&[Permission::Read]),
            Self::Moderator => Permissions::of(&[Permission::Read, Permission::Moderate]),
            Self::Developer | Self::Owner => Permissions::of(&Permission::ALL),
        }
    }

    /// The least that may do that.
    #[must_use]
    pub fn that_may(scope: Permission) -> Self {
        Self::ALL.into_iter().find(|role| role.scopes().has(scope)).unwrap_or(Self::Owner)
    }
}

/// Who does something, for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Whoever may run the program on its machine.
    CommandLine,
    /// The program by itself.
    Cairn,
    /// Somebody who is signed in.
    User(&'a UserId),
    /// A studio's server, by the id of its key.
    Key(&'a str),
}

/// As it is written in the audit.
impl fmt::Display for Actor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Cairn => f.write_str("cairn"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Key(id) => write!(f, "key:{id}"),
        }
    }
}

/// In whose name somebody acts for a studio in one of its worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// By a key.
    Key(Arc<Grant>),
    /// As a member of the studio.
    Member {
        /// Who.
        user: UserId,
        /// What that one is to the studio.
        role: Role,
    },
}

/// Somebody who acts for a studio in one of its worlds: its server, by a key, or a member who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudioAccess {
    /// Whose world it is.
    pub studio: StudioId,
    /// Of which game.
    pub game: Arc<str>,
    /// Which of the game's worlds.
    pub environment: Environment,
    /// That world, in the studio's own tables.
    pub world: i32,
    /// What may be done there.
    pub scopes: Permissions,
    /// In whose name.
    pub by: Principal,
}

impl StudioAccess {
    /// Who it is, for the audit.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        match &self.by {
            Principal::Key(grant) => Actor::Key(&grant.key),
            Principal::Member { user, .. } => Actor::User(user),
        }
    }
}

impl From<Arc<Grant>> for StudioAccess {
    fn from(grant: Arc<Grant>) -> Self {
        Self {
            studio: grant.studio,
            game: Arc::clone(&grant.game),
            environment: grant.environment,
            world: grant.world,
            scopes: grant.scopes,
            by: Principal::Key(grant),
        }
    }
}

/// A player: somebody in one world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Player {
    /// Whose game it is.
    pub studio: StudioId,
    /// The world, in the studio's own tables.
    pub world: i32,
    /// Who.
    pub id: Uuid,
}

/// Why a key that was shown opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// It is none, or is wrong, or was revoked: not told apart.
    #[error("the key is not valid")]
    Invalid,
    /// It can't be told now.
    #[error("keys can't be looked up")]
    Away,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for scopes in [&[][..], &[Permission::Read], &[Permission::Admin, Permission::Write], &Permission::ALL] {
            let scopes = Permissions::of(scopes);
            assert_eq!(Permissions::of_names(&scopes.to_string()), Some(scopes));
        }
        assert_eq!(Permissions::of_names("read all"), None);
        assert!(Environment::ALL.iter().all(|one| Environment::of_name(one.name()) == Some(*one)));
        assert!(KeyKind::ALL.iter().all(|one| KeyKind::of_name(one.name()) == Some(*one)));
    }

    #[test]
    fn a_publishable_key_never_administers() {
        for scope in [Permission::Admin, Permission::Moderate] {
            assert!(!Permissions::of(&[Permission::Read, scope]).within(KeyKind::Publishable.most()));
        }
        assert!(Permissions::of(&Permission::ALL).within(KeyKind::Secret.most()));
    }

    /// The table above [`Role`], in full.
    #[test]
    fn each_role_may_what_those_below_may() {
        for (lower, higher) in Role::ALL.iter().zip(&Role::ALL[1..]) {
            assert!(lower < higher && lower.scopes().within(higher.scopes()), "{lower:?} {higher:?}");
        }
        let least = [Permission::Read, Permission::Moderate, Permission::Write, Permission::Admin].map(Role::that_may);
        assert_eq!(least, [Role::Viewer, Role::Moderator, Role::Developer, Role::Developer]);
        assert!(Role::ALL.iter().all(|one| Role::of_name(one.name()) == Some(*one)));
    }
}
