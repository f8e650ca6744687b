//! App passwords, and why something can't be done with them.

use crate::{
    identity::{access::UserId, accounts::AccountError},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        secret::Secret,
        token::NoRandomness,
    },
};

/// App passwords of one user at most: more than anybody has devices.
pub const MAX_APP_PASSWORDS: u64 = 20;

/// Characters of a name at most.
pub const MAX_NAME: usize = 64;

/// Random bytes of an app password.
pub const PASSWORD_BYTES: usize = 16;

/// Who uses an app password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUser {
    /// The user.
    pub user: UserId,
    /// The id of the password.
    pub password: String,
    /// Its name: what its user calls the program or the device.
    pub name: String,
}

/// An app password as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPassword {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at_ms: i64,
    /// When it was last used, to within some minutes.
    pub used_at_ms: Option<i64>,
}

/// One that was just made.
#[derive(Clone, Debug)]
pub struct NewAppPassword {
    /// As it will be listed.
    pub listed: AppPassword,
    /// The password, which is not shown again.
    pub password: Secret,
}

/// Why something can't be done with app passwords.
#[derive(Debug, thiserror::Error)]
pub enum AppPasswordError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The user has no such password.
    #[error("There is no such app password.")]
    NotFound,
    /// The user has as many as one may.
    #[error("You may have {MAX_APP_PASSWORDS} app passwords. Revoke one that you don't use.")]
    TooMany,
    /// There is none in the request, or a wrong one.
    #[error(
        "This needs an app password: make one under /api/app-passwords, and send it as the password of HTTP Basic."
    )]
    Wrong,
    /// Somebody between the client and this server could read the password.
    #[error("An app password is taken over https alone: use the https address of this server.")]
    NotPrivate,
    /// Too many wrong ones.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DomainError for AppPasswordError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "app_password_not_found"),
            Self::TooMany => (Kind::Conflict, "too_many_app_passwords"),
            Self::Wrong => (Kind::Unauthenticated, "app_password_wrong"),
            Self::NotPrivate => (Kind::Forbidden, "https_needed"),
            Self::Account(error) => error.kind(),
            Self::NoRandomness(_) => (Kind::Internal, "internal"),
            Self::Store(error) => (error.kind(), "database"),
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
