//! Types and pure rules of accounts, and the feature's error.

use std::{sync::Arc, time::Duration};

use unicode_normalization::UnicodeNormalization;

use crate::{
    identity::access::{
        model::{Environment, Role},
        user_id::UserId,
    },
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        mail::{EmailAddress, Full},
        secret::Secret,
        token::NoRandomness,
    },
};

/// Characters of a password, at least and at most (NIST SP 800-63B 5.1.1.2: at least 8, and at least 64 must be
/// allowed).
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=128;

/// Passwords that are tried first by those who guess, in lower case, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password as it is hashed: in one normal form (NFKC), so that it is the same on every keyboard.
fn normal(text: &str) -> String {
    text.nfkc().collect()
}

/// A password that may be set.
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// The password in that text. Any characters, in any mixture: only length, and not being known, make a password good
    /// (NIST SP 800-63B 5.1.1.2).
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, (least, most)) = (normal(text), (PASSWORD_CHARS.start(), PASSWORD_CHARS.end()));
        let chars = text.chars().count();
        if !PASSWORD_CHARS.contains(&chars) {
            return Err(format!("has {chars} characters; {least} to {most}"));
        }
        let lower = text.to_lowercase();
        let mut emails = lower.chars();
        let first = emails.next();
        if emails.all(|letter| Some(letter) == first) || COMMON.lines().any(|common| common == lower) {
            return Err("is one of the first that are guessed; choose another".to_owned());
        }
        Ok(Self(Secret::new(text)))
    }

    /// The same, if it is not the address that it is to guard.
    ///
    /// # Errors
    /// It is.
    pub fn for_address(self, email: &EmailAddress) -> Result<Self, AccountError> {
        let lower = self.0.expose().to_lowercase();
        if lower == email.key() || lower == email.local_part().to_ascii_lowercase() {
            return Err(AccountError::Invalid(vec![Fault::new("/password", "is the address; choose another")]));
        }
        Ok(self)
    }

    /// Its text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// A password that is offered, right or wrong.
#[derive(Clone, Debug)]
pub struct Attempt(Secret);

impl Attempt {
    /// What was offered.
    ///
    /// # Errors
    /// No password is so long.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, most) = (normal(text), PASSWORD_CHARS.end());
        if text.chars().count() > *most {
            return Err(format!("has more than {most} characters"));
        }
        Ok(Self(Secret::new(text)))
    }

    /// Its text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// A code from a letter, as it was given.
#[derive(Clone, Debug)]
pub struct Code(Secret);

impl Code {
    /// The code in that text; white space around it is what copying brings.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Secret::new(text.trim()))
    }

    /// Its text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// What a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making an account.
    Register,
    /// Setting a new password.
    Reset,
    /// Changing the account's address.
    ChangeEmail,
    /// Making the administrator. It is printed, not sent.
    Setup,
}

impl Purpose {
    /// How it is stored.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Register => 1,
            Self::Reset => 2,
            Self::ChangeEmail => 3,
            Self::Setup => 4,
        }
    }

    /// Its name, where a user sees it.
    #[must_use]
    pub fn name(number: i16) -> &'static str {
        match number {
            1 => "register",
            2 => "reset_password",
            4 => "setup",
            _ => "change_email",
        }
    }
}

/// An account, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose it is.
    pub user: UserId,
    /// Its address, as given.
    pub email: String,
    /// When it was made.
    pub created_at_ms: i64,
    /// When its password was set.
    pub password_at_ms: i64,
    /// Whether it administers the installation.
    pub administrator: bool,
}

/// What a user is to a studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The studio's name in addresses.
    pub studio: String,
    /// The studio's title; empty where it has none.
    pub title: String,
    /// What the user is to it; nothing for an administrator who is no member.
    pub role: Option<Role>,
    /// Since when; or, of a studio that an administrator sees, since when there is one.
    pub since_ms: i64,
}

/// A player who belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedPlayer {
    /// The player's id.
    pub player: String,
    /// Whose game it is, by its name in addresses.
    pub studio: String,
    /// The game, by its name in addresses.
    pub game: String,
    /// `live` or `dev`.
    pub environment: Environment,
    /// Since when.
    pub linked_at_ms: i64,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Names it.
    pub id: String,
    /// Whether a browser holds it as a cookie.
    pub cookie: bool,
    /// Whence it was opened.
    pub address: String,
    /// What the program that opened it calls itself.
    pub agent: String,
    /// When it was opened.
    pub created_at_ms: i64,
    /// When it was last used, to a minute or so.
    pub used_at_ms: i64,
    /// When it ends at the latest.
    pub expires_at_ms: i64,
}

/// Whose a session is.
#[derive(Clone, Debug)]
pub struct SessionOf {
    /// The user.
    pub user: UserId,
    /// Names the session.
    pub id: String,
}

/// A code that is on its way, as the owner of the account sees it.
#[derive(Clone, Debug)]
pub struct PendingCode {
    /// What for.
    pub purpose: &'static str,
    /// Where it was sent.
    pub email: String,
    /// When.
    pub created_at_ms: i64,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// All that is kept of a user.
#[derive(Clone, Debug)]
pub struct Everything {
    /// The account.
    pub account: Account,
    /// Its sessions.
    pub sessions: Vec<OpenSession>,
    /// Codes that were sent and not used.
    pub codes: Vec<PendingCode>,
}

/// What other features keep of a user.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The studios that the user belongs to.
    pub memberships: Vec<Membership>,
    /// The players that belong to the account.
    pub players: Vec<LinkedPlayer>,
}

/// What can go wrong with accounts.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The body can't be read at all.
    #[error("{0}")]
    Malformed(String),
    /// What was sent is wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// No account has this address and password.
    #[error("No account has this address and this password.")]
    WrongCredentials,
    /// The signed-in user gave another password than the account's.
    #[error("This is not the account's password.")]
    WrongPassword,
    /// The account is gone.
    #[error("This account is gone.")]
    Gone,
    /// The code is unknown, was used, has ended, or is for something else.
    #[error("This code is not valid: it was never sent, was used, or has ended. Ask for another.")]
    CodeNotValid,
    /// An account has the address by now.
    #[error("There is an account with this address already.")]
    AddressTaken,
    /// The user has no such session.
    #[error("There is no such session.")]
    NoSession,
    /// Tried too often.
    #[error("Tried too often. Try again in {} s.", .0.as_secs().max(1))]
    TooMany(Duration),
    /// The account is changed by another request at this moment.
    #[error("The account is being changed at this moment. Try again.")]
    Busy,
    /// Too many passwords are being hashed.
    #[error("Too many are signing in. Try again.")]
    Crowded,
    /// Too many emails are on their way.
    #[error("Too many emails are on their way. Try again.")]
    MailFull(#[from] Full),
    /// The database.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// Something that can't fail has failed.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<NoRandomness> for AccountError {
    fn from(error: NoRandomness) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<Unreadable> for AccountError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", "must be an object")]),
        }
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
            Self::CodeNotValid => (Kind::Invalid, "code_not_valid"),
            Self::AddressTaken => (Kind::Conflict, "address_taken"),
            Self::NoSession => (Kind::NotFound, "session_not_found"),
            Self::TooMany(_) => (Kind::TooMany, "too_many_attempts"),
            Self::Busy => (Kind::Busy, "account_busy"),
            Self::Crowded => (Kind::Busy, "too_many_sign_ins"),
            Self::MailFull(_) => (Kind::Busy, "too_many_letters"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        if let Self::TooMany(wait) = self { Some(("attempts", *wait)) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_of_the_normal_form() {
        // Seven characters, of which one is written as two.
        assert!(Password::parse("caf\u{65}\u{301}xyz").unwrap_err().contains("has 7 characters; 8 to 128"));
        for good in ["correct horse", "päßwörtç", "🂡🂢🂣🂤🂥🂦🂧🂨", &"ab".repeat(64)] {
            assert!(Password::parse(good).is_ok(), "{good}");
        }
        assert!(Password::parse(&"ab".repeat(65)).is_err());
        let (typed, composed) = ("cafe\u{301}-noir", "caf\u{e9}-noir");
        assert_eq!(Password::parse(typed).unwrap().secret(), Attempt::parse(composed).unwrap().secret());
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for bad in ["password", "Password1", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "iloveyou"] {
            assert!(Password::parse(bad).unwrap_err().contains("guessed"), "{bad}");
        }
        let email = EmailAddress::parse("Ann.Smith@example.org").unwrap();
        for bad in ["ann.smith@example.org", "ANN.SMITH"] {
            assert!(Password::parse(bad).unwrap().for_address(&email).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_list_is_in_the_form_that_is_looked_for() {
        for common in COMMON.lines() {
            assert!(PASSWORD_CHARS.contains(&common.len()) && common == common.to_lowercase(), "{common}");
        }
    }
}
