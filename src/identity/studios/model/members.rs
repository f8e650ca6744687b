//! Members and invitations.

use super::{Game, StudioError};
use crate::{
    identity::access::{Environment, Principal, Role, StudioAccess, UserId},
    platform::{db::StudioId, mail::EmailAddress},
};

/// Members and open invitations that a studio has at most, together: so that one response lists them all.
pub const MAX_MEMBERS: u64 = 200;

/// A member of a studio.
#[derive(Clone, Debug)]
pub struct Member {
    /// The user.
    pub user: UserId,
    /// The account's email address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// When they joined, in milliseconds since 1970.
    pub since_ms: i64,
}

/// A signed-in user who acts for a studio, in their role there.
#[derive(Clone, Debug)]
pub struct ActingMember {
    /// The studio.
    pub studio: StudioId,
    /// Its name in addresses.
    pub slug: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// The user.
    pub user: UserId,
    /// Their role; an administrator who is not a member is a viewer.
    pub role: Role,
}

impl ActingMember {
    /// What they may do in a world of the studio.
    #[must_use]
    pub fn access_to(&self, game: &Game, environment: Environment) -> StudioAccess {
        StudioAccess {
            studio: self.studio,
            game: game.slug.as_str().into(),
            environment,
            world: game.world(environment),
            permissions: self.role.permissions(),
            by: Principal::Member { user: self.user.clone(), role: self.role },
        }
    }

    /// The same, if the role is at least `needs`.
    ///
    /// # Errors
    /// [`StudioError::RoleMissing`].
    pub fn require(self, needs: Role) -> Result<Self, StudioError> {
        if self.role >= needs { Ok(self) } else { Err(StudioError::RoleMissing { is: self.role, needs }) }
    }
}

/// An invitation to be sent.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The address that the email goes to.
    pub email: EmailAddress,
    /// The role that it gives.
    pub role: Role,
}

/// What the email of an invitation needs.
#[derive(Clone, Debug)]
pub struct InvitationEmail {
    /// The address that it goes to.
    pub to: String,
    /// The role that it gives.
    pub role: Role,
    /// The studio's name in addresses.
    pub slug: String,
    /// The studio's title; empty where it has none.
    pub title: String,
}

/// An open invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id, which is not its code and no secret.
    pub id: String,
    /// The address that the email went to.
    pub email: String,
    /// The role that it gives.
    pub role: Role,
    /// The user who invites; `None` for the command line.
    pub invited_by: Option<UserId>,
    /// When it was created, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// When it expires, in milliseconds since 1970.
    pub expires_at_ms: i64,
}
