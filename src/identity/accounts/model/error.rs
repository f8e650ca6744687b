//! The feature's error.

use std::{error::Error, sync::Arc, time::Duration};

use crate::platform::{
    error::{DomainError, Fault, Kind, StoreError},
    token::NoRandomness,
};

/// What can go wrong with accounts. Its message is shown to the caller, except for [`AccountError::Store`] and
/// [`AccountError::Internal`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum AccountError {
    /// The body can't be parsed.
    #[error("{0}")]
    Malformed(String),
    /// Fields of the body are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// No account has this address and password.
    #[error("No account has this address and this password.")]
    WrongCredentials,
    /// The password of the signed-in user's account is another one.
    #[error("This is not the account's password.")]
    WrongPassword,
    /// The account was deleted.
    #[error("This account no longer exists.")]
    Gone,
    /// Another request has ended the sessions of the account meanwhile, perhaps by setting another password.
    #[error("The session has ended: sign in again.")]
    SessionEnded,
    /// The code is unknown, used, expired, or for another purpose.
    #[error("This code is not valid: it was never sent, was used, or has expired. Ask for another.")]
    InvalidCode,
    /// Another account has this email address.
    #[error("There is an account with this address already.")]
    EmailTaken,
    /// Another person has this username, or one that looks like it, or had it a while ago.
    #[error("This username is taken, or one that looks like it is.")]
    UsernameTaken,
    /// The user has no session of this id.
    #[error("There is no such session.")]
    SessionNotFound,
    /// The idempotency key was used to open another session.
    #[error("This Idempotency-Key was used for another request.")]
    KeyReused,
    /// The code is not the second factor's.
    #[error("This code is not right, or was used before. Codes of an app are valid for about a minute.")]
    WrongSecondFactor,
    /// What the first step of a sign-in gave is no longer valid.
    #[error("This sign-in took too long, or was finished. Begin again with the password.")]
    ChallengeNotValid,
    /// The account has a second factor.
    #[error("This account has a second factor already.")]
    SecondFactorExists,
    /// There is no second factor that a code could confirm.
    #[error("There is no second factor to be confirmed: none was begun, or that took too long.")]
    SecondFactorNotBegun,
    /// The account has no second factor.
    #[error("This account has no second factor.")]
    NoSecondFactor,
    /// The account has no password, which this needs.
    #[error("This account has no password. Set one first, as for a forgotten one.")]
    PasswordNeeded,
    /// The issuer does not say that the address is the person's.
    #[error("The provider does not say that the email address is yours. Verify it there first.")]
    EmailNotVerified,
    /// The identity is another account's, or the account has one of the provider.
    #[error("This identity is linked to another account, or this account to another identity of the provider.")]
    IdentityTaken,
    /// The account has an identity of the provider.
    #[error("An identity of this provider is linked already. Unlink it first.")]
    IdentityLinked,
    /// The user has no identity of this id.
    #[error("There is no such identity.")]
    IdentityNotFound,
    /// Without it the user could not sign in any more.
    #[error("This is the only way to sign in to the account. Set a password first, as for a forgotten one.")]
    LastWayIn,
    /// Too many attempts; the next one is allowed after this time.
    #[error("Tried too often. Try again in {} s.", .0.as_secs().max(1))]
    TooManyAttempts(Duration),
    /// Another request is changing the account.
    #[error("The account is being changed by another request. Try again.")]
    Busy,
    /// Too many passwords are being hashed at once.
    #[error("Too many users are signing in. Try again.")]
    TooManySignIns,
    /// The mail queue is full.
    #[error("Too many emails are waiting to be sent. Try again.")]
    MailQueueFull,
    /// Addresses can't be sealed.
    #[error("This server has no secret key yet, without which it can't do this. Those who run it can make one.")]
    SecretKeyMissing,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// Something failed that the caller can't help.
    #[error("{what}: {source}")]
    Internal {
        /// What failed.
        what: &'static str,
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<NoRandomness> for AccountError {
    fn from(error: NoRandomness) -> Self {
        Self::internal("drawing a secret", error)
    }
}

impl AccountError {
    /// An [`AccountError::Internal`] of `what` was being done.
    pub fn internal(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal { what, source: Arc::from(source.into()) }
    }
}

impl DomainError for AccountError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Malformed(_) => (Kind::Malformed, "malformed"),
            Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::WrongCredentials => (Kind::Unauthenticated, "wrong_credentials"),
            Self::WrongPassword => (Kind::Forbidden, "wrong_password"),
            Self::Gone => (Kind::Unauthenticated, "account_gone"),
            Self::SessionEnded => (Kind::Unauthenticated, "session_not_valid"),
            Self::InvalidCode => (Kind::Invalid, "code_not_valid"),
            Self::EmailTaken => (Kind::Conflict, "address_taken"),
            Self::UsernameTaken => (Kind::Conflict, "username_taken"),
            Self::SessionNotFound => (Kind::NotFound, "session_not_found"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::WrongSecondFactor => (Kind::Forbidden, "second_factor_wrong"),
            Self::ChallengeNotValid => (Kind::Unauthenticated, "challenge_not_valid"),
            Self::SecondFactorExists => (Kind::Conflict, "second_factor_exists"),
            Self::SecondFactorNotBegun => (Kind::Conflict, "second_factor_not_begun"),
            Self::NoSecondFactor => (Kind::Conflict, "second_factor_not_on"),
            Self::PasswordNeeded => (Kind::Conflict, "password_needed"),
            Self::EmailNotVerified => (Kind::Forbidden, "email_not_verified"),
            Self::IdentityTaken => (Kind::Conflict, "identity_taken"),
            Self::IdentityLinked => (Kind::Conflict, "identity_linked"),
            Self::IdentityNotFound => (Kind::NotFound, "identity_not_found"),
            Self::LastWayIn => (Kind::Conflict, "last_way_in"),
            Self::TooManyAttempts(_) => (Kind::TooMany, "too_many_attempts"),
            Self::Busy => (Kind::Busy, "account_busy"),
            Self::TooManySignIns => (Kind::Busy, "too_many_sign_ins"),
            Self::MailQueueFull => (Kind::Busy, "too_many_letters"),
            Self::SecretKeyMissing => (Kind::Unavailable, "sealing_key_missing"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Internal { .. } => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        if let Self::TooManyAttempts(wait) = self { Some(("attempts", *wait)) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
