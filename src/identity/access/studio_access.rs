//! Access to a world on behalf of its studio.

use std::sync::Arc;

use super::{Actor, Environment, Grant, Permissions, Role, UserId};
use crate::platform::db::StudioId;

/// Who acts for a studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A server, with a key.
    Key(Arc<Grant>),
    /// A member who is signed in.
    Member {
        /// The user.
        user: UserId,
        /// The user's role in the studio.
        role: Role,
    },
}

/// Access to a world on behalf of its studio: by its server, with a key, or by a member who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudioAccess {
    /// The studio.
    pub studio: StudioId,
    /// The game's name in addresses.
    pub game: Arc<str>,
    /// The game's environment.
    pub environment: Environment,
    /// The world's id in the studio's tables.
    pub world: i32,
    /// What may be done there.
    pub permissions: Permissions,
    /// Who acts.
    pub by: Principal,
}

impl StudioAccess {
    /// Who acts, for the audit log.
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
            permissions: grant.permissions,
            by: Principal::Key(grant),
        }
    }
}
