//! Errors of studios, games, keys and members.

use std::sync::Arc;

use crate::{
    identity::{
        access::{KeyKind, Permissions, Role},
        accounts::AccountError,
    },
    platform::{
        codec::fields::Unreadable,
        db::SchemaError,
        error::{DomainError, Fault, Kind, StoreError},
        token::NoRandomness,
    },
};

/// Why something can't be done with studios, games, keys or members.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StudioError {
    /// Not a slug.
    #[error(
        "{0:?} is not a name for addresses: 1 to 40 small letters, digits and hyphens, not beginning with a hyphen"
    )]
    Slug(String),
    /// Not a title.
    #[error("{0:?} is not a title: at most 100 bytes, no control characters")]
    Title(String),
    /// The studio's name is taken.
    #[error("there is a studio {0} already")]
    StudioTaken(String),
    /// The game's name is taken in the studio.
    #[error("there is a game {0} already")]
    GameTaken(String),
    /// There is no studio of that name.
    #[error("there is no studio {0}")]
    StudioNotFound(String),
    /// There is no game of that name.
    #[error("there is no game {0}")]
    GameNotFound(String),
    /// There is no key with that id.
    #[error("there is no key {0}")]
    KeyNotFound(String),
    /// More permissions than a key of that kind may have.
    #[error("a {} key may do at most: {}; asked for: {asked}", .kind.name(), .kind.max_permissions())]
    PermissionsTooWide {
        /// The kind of key.
        kind: KeyKind,
        /// What was asked for.
        asked: Permissions,
    },
    /// The idempotency key was used for another request, or the key that it gave is in use.
    #[error("This Idempotency-Key was used for another request, or the key that it gave is in use.")]
    KeyReused,
    /// The key is revoked.
    #[error("the key {0} is revoked")]
    KeyRevoked(String),
    /// Two keys of the family are active already; holds the id of the older one.
    #[error("two keys take turns already: revoke {0} first, when nothing uses it any more")]
    RotationOpen(String),
    /// The file is not an export of a studio, or is damaged, or was made by another version.
    #[error("this is not an export that this version can import: {0}")]
    InvalidExport(String),
    /// Keys in an export belong to another studio here.
    #[error("keys of this export are another studio's here: was it imported before?")]
    KeysExist,
    /// The studio of the open world can't be deleted.
    #[error("this is the studio of the open world: it would be created again at the next start")]
    IsOpenWorld,
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", list(.0))]
    Invalid(Vec<Fault>),
    /// Only administrators create studios here.
    #[error("On this server only administrators create studios.")]
    AdministratorRequired,
    /// The user has created as many studios as one may.
    #[error("You have created {0} studios, and may create no more.")]
    TooManyStudios(u32),
    /// The studio has as many games, or the game as many keys, as are allowed.
    #[error("There are {limit} {what} already, and there may be no more.")]
    LimitReached {
        /// What is limited.
        what: &'static str,
        /// How many are allowed.
        limit: u64,
    },
    /// The member's role does not allow this.
    #[error("This needs the role {} in the studio; yours is {}.", .needs.name(), .is.name())]
    RoleMissing {
        /// The member's role.
        is: Role,
        /// The role that is needed.
        needs: Role,
    },
    /// Studios, by name, would be left without an owner.
    #[error("{} would have no owner: make somebody else an owner first.", .0.join(", "))]
    LastOwner(Vec<String>),
    /// The studio has no such member.
    #[error("The studio has no such member.")]
    MemberNotFound,
    /// The user is a member already.
    #[error("They are a member of the studio already.")]
    AlreadyMember,
    /// The studio has as many members and invitations as it may.
    #[error("A studio has at most {0} members and open invitations together.")]
    TooManyMembers(u64),
    /// There is no such open invitation.
    #[error("There is no such invitation: it was withdrawn, used, or has expired.")]
    InvitationNotFound,
    /// The code is not that of an open invitation.
    #[error("This code is not valid: it is not an invitation's, or that was used, withdrawn, or has expired.")]
    InvalidCode,
    /// The invitation went to another address than the account's.
    #[error(
        "This invitation was sent to another email address than your account's: sign in with that one, or ask to be \
         invited at yours."
    )]
    InvitedAnother,
    /// No account has that address.
    #[error("no account has the address {0}")]
    AccountNotFound(String),
    /// The account was deleted.
    #[error("This account was deleted.")]
    AccountGone,
    /// The accounts feature failed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A studio's tables can't be created or read.
    #[error(transparent)]
    Schema(Arc<SchemaError>),
    /// The system's random source.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl From<StoreError> for StudioError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<SchemaError> for StudioError {
    fn from(error: SchemaError) -> Self {
        Self::Schema(Arc::new(error))
    }
}

fn list(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
    faults.join("; ")
}

impl DomainError for StudioError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Slug(_) => (Kind::Invalid, "slug_invalid"),
            Self::Title(_) => (Kind::Invalid, "title_invalid"),
            Self::PermissionsTooWide { .. } => (Kind::Invalid, "scopes_too_wide"),
            Self::StudioTaken(_) => (Kind::Conflict, "studio_taken"),
            Self::GameTaken(_) => (Kind::Conflict, "game_taken"),
            Self::InvalidExport(_) => (Kind::Invalid, "export_invalid"),
            Self::KeysExist => (Kind::Conflict, "keys_there"),
            Self::IsOpenWorld => (Kind::Conflict, "open_world"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::KeyRevoked(_) => (Kind::Conflict, "key_revoked"),
            Self::RotationOpen(_) => (Kind::Conflict, "rotation_open"),
            Self::StudioNotFound(_) => (Kind::NotFound, "studio_not_found"),
            Self::GameNotFound(_) => (Kind::NotFound, "game_not_found"),
            Self::KeyNotFound(_) => (Kind::NotFound, "key_not_found"),
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::AdministratorRequired => (Kind::Forbidden, "administrator_needed"),
            Self::TooManyStudios(_) => (Kind::Conflict, "too_many_studios"),
            Self::LimitReached { .. } => (Kind::Conflict, "too_many"),
            Self::RoleMissing { .. } => (Kind::Forbidden, "role_missing"),
            Self::LastOwner(_) => (Kind::Conflict, "last_owner"),
            Self::MemberNotFound => (Kind::NotFound, "member_not_found"),
            Self::AlreadyMember => (Kind::Conflict, "member_already"),
            Self::TooManyMembers(_) => (Kind::Conflict, "too_many_members"),
            Self::InvitationNotFound => (Kind::NotFound, "invitation_not_found"),
            Self::InvalidCode => (Kind::Invalid, "code_not_valid"),
            Self::InvitedAnother => (Kind::Forbidden, "invited_another"),
            Self::AccountNotFound(_) => (Kind::NotFound, "account_not_found"),
            Self::AccountGone => (Kind::Unauthenticated, "account_gone"),
            Self::Account(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
            Self::Schema(_) | Self::NoRandomness(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Account(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_who_is_gone_is_asked_to_sign_in() {
        let error = StudioError::AccountGone;
        assert!(error.kind().0 == Kind::Unauthenticated && error.needs_session());
    }
}
