//! Who belongs to a studio, and who is invited to.

use super::{Game, StudioError};
use crate::{
    identity::access::{Environment, Principal, Role, StudioAccess, UserId},
    platform::{db::StudioId, mail::EmailAddress},
};

/// Members and open invitations that a studio has at most, so that a list of them is one answer.
pub const MOST_MEMBERS: u64 = 200;

/// Somebody who belongs to a studio.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The account's address.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Since when.
    pub since_ms: i64,
}

/// What somebody who is signed in is to a studio.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The studio.
    pub studio: StudioId,
    /// Its name in addresses.
    pub slug: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Who it is.
    pub user: UserId,
    /// As what.
    pub role: Role,
}

impl Standing {
    /// What that one may do in a world of the studio's.
    #[must_use]
    pub fn mandate(&self, game: &Game, environment: Environment) -> StudioAccess {
        StudioAccess {
            studio: self.studio,
            game: game.slug.as_str().into(),
            environment,
            world: game.world(environment),
            permissions: self.role.permissions(),
            by: Principal::Member { user: self.user.clone(), role: self.role },
        }
    }

    /// The same, if the role is enough.
    ///
    /// # Errors
    /// It is not.
    pub fn with(self, needs: Role) -> Result<Self, StudioError> {
        if self.role >= needs { Ok(self) } else { Err(StudioError::RoleMissing { is: self.role, needs }) }
    }
}

/// Who is to be invited, and as what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The address that the letter goes to.
    pub email: EmailAddress,
    /// As what.
    pub role: Role,
}

/// An invitation that is open.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Names it, and opens nothing.
    pub id: String,
    /// The address that the letter went to.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Which user invites; nothing where that was the command line.
    pub invited_by: Option<UserId>,
    /// When.
    pub created_at_ms: i64,
    /// When it ends.
    pub expires_at_ms: i64,
}
