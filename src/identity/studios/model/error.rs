//! What can go wrong with studios, games, keys and members.

use crate::{
    identity::{
        access::model::{KeyKind, Permissions, Role},
        accounts::AccountError,
    },
    platform::{
        codec::fields::Unreadable,
        db::SchemaError,
        error::{DomainError, Fault, Kind, StoreError},
        token::NoRandomness,
    },
};

/// Why something could not be done with studios, games or keys.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// Not a slug.
    #[error("{0:?} is no name for an address: 1 to 40 small letters, digits and hyphens, the first no hyphen")]
    Slug(String),
    /// Not a title.
    #[error("{0:?} is no title: at most 100 bytes, no control characters")]
    Title(String),
    /// There is a studio of that name.
    #[error("there is a studio {0} already")]
    StudioTaken(String),
    /// There is a game of that name.
    #[error("there is a game {0} already")]
    GameTaken(String),
    /// There is no studio of that name.
    #[error("there is no studio {0}")]
    NoStudio(String),
    /// There is no game of that name.
    #[error("there is no game {0}")]
    NoGame(String),
    /// There is no key with that id.
    #[error("there is no key {0}")]
    NoKey(String),
    /// More than a key of that kind may do.
    #[error("a {} key may do at most: {}; asked for: {asked}", .kind.name(), .kind.most())]
    TooMuch {
        /// The kind.
        kind: KeyKind,
        /// What was asked for.
        asked: Permissions,
    },
    /// The key opens nothing any more.
    #[error("the key {0} is revoked")]
    Revoked(String),
    /// Two keys of the family are active.
    #[error("two keys take turns already: revoke {0} first, when nothing uses it any more")]
    RotationOpen(String),
    /// What is to be imported is no export of a studio, or is damaged, or another program's.
    #[error("this is no studio that this program can import: {0}")]
    NotAnExport(String),
    /// Keys of what is to be imported are there.
    #[error("keys of this export are another studio's here: was it imported before?")]
    KeysThere,
    /// The studio of the open world can't be deleted.
    #[error("this is the studio of the open world, which would be there again at the next start")]
    OpenWorld,
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Something that was sent is wrong.
    #[error("{}", in_words(.0))]
    Invalid(Vec<Fault>),
    /// Founding is for administrators here.
    #[error("On this server only administrators found studios.")]
    NotTheAdministrator,
    /// The user has founded as many as one may.
    #[error("You have founded {0} studios, and may found no more.")]
    TooManyStudios(u32),
    /// The studio has as many games, or the game as many keys, as one may have.
    #[error("There are {most} {what} already, and there may be no more.")]
    TooManyThings {
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        most: u64,
    },
    /// The member may not do this.
    #[error("This needs the role {} in the studio; yours is {}.", .needs.name(), .is.name())]
    RoleMissing {
        /// What the member is.
        is: Role,
        /// What it would take.
        needs: Role,
    },
    /// Studios would be left without an owner.
    #[error("{} would have no owner: make somebody else an owner first.", .0.join(", "))]
    LastOwner(Vec<String>),
    /// The studio has no such member.
    #[error("The studio has no such member.")]
    NoMember,
    /// Whoever is invited is a member already.
    #[error("This is a member of the studio already.")]
    MemberAlready,
    /// The studio has as many members and invitations as it may.
    #[error("A studio has at most {0} members and open invitations together.")]
    TooManyMembers(u64),
    /// There is no such invitation.
    #[error("There is no such invitation: it was withdrawn, used, or has ended.")]
    NoInvitation,
    /// The code is none of an open invitation.
    #[error("This code is not valid: it is none of an invitation, was used, withdrawn, or has ended.")]
    CodeNotValid,
    /// Nobody has that address.
    #[error("no account has the address {0}")]
    NoAccount(String),
    /// The account is gone.
    #[error("This account is gone.")]
    Gone,
    /// Accounts can't do their part.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A studio's tables can't be made or read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The system's random source.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

fn in_words(faults: &[Fault]) -> String {
    let each: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
    each.join("; ")
}

impl DomainError for StudioError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Slug(_) => (Kind::Invalid, "slug_invalid"),
            Self::Title(_) => (Kind::Invalid, "title_invalid"),
            Self::TooMuch { .. } => (Kind::Invalid, "scopes_too_wide"),
            Self::StudioTaken(_) => (Kind::Conflict, "studio_taken"),
            Self::GameTaken(_) => (Kind::Conflict, "game_taken"),
            Self::NotAnExport(_) => (Kind::Invalid, "export_invalid"),
            Self::KeysThere => (Kind::Conflict, "keys_there"),
            Self::OpenWorld => (Kind::Conflict, "open_world"),
            Self::Revoked(_) => (Kind::Conflict, "key_revoked"),
            Self::RotationOpen(_) => (Kind::Conflict, "rotation_open"),
            Self::NoStudio(_) => (Kind::NotFound, "studio_not_found"),
            Self::NoGame(_) => (Kind::NotFound, "game_not_found"),
            Self::NoKey(_) => (Kind::NotFound, "key_not_found"),
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotTheAdministrator => (Kind::Forbidden, "administrator_needed"),
            Self::TooManyStudios(_) => (Kind::Conflict, "too_many_studios"),
            Self::TooManyThings { .. } => (Kind::Conflict, "too_many"),
            Self::RoleMissing { .. } => (Kind::Forbidden, "role_missing"),
            Self::LastOwner(_) => (Kind::Conflict, "last_owner"),
            Self::NoMember => (Kind::NotFound, "member_not_found"),
            Self::MemberAlready => (Kind::Conflict, "member_already"),
            Self::TooManyMembers(_) => (Kind::Conflict, "too_many_members"),
            Self::NoInvitation => (Kind::NotFound, "invitation_not_found"),
            Self::CodeNotValid => (Kind::Invalid, "code_not_valid"),
            Self::NoAccount(_) => (Kind::NotFound, "account_not_found"),
            Self::Gone => (Kind::Unauthenticated, "account_gone"),
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
}
