//! Passwords and codes: what may be set, what a user enters, and what a code is for.

use unicode_normalization::UnicodeNormalization;

use super::AccountError;
use crate::platform::{error::Fault, mail::EmailAddress, secret::Secret};

/// Length of a password in characters (NIST SP 800-63B 5.1.1.2: at least 8, and at least 64 must be allowed).
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=128;

/// The most common passwords, which attackers try first: lower case, one a line.
const COMMON: &str = include_str!("../common_passwords.txt");

/// The form in which a password is hashed (Unicode NFKC), so that it is the same whatever keyboard it is typed on.
fn normalize(text: &str) -> String {
    text.nfkc().collect()
}

/// A password that may be set.
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// Parses a new password. Any mixture of characters is allowed: what makes a password good is its length, and that it
    /// isn't a common one (NIST SP 800-63B 5.1.1.2).
    ///
    /// # Errors
    /// What is wrong with it, for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, (min, max)) = (normalize(text), (PASSWORD_CHARS.start(), PASSWORD_CHARS.end()));
        let chars = text.chars().count();
        if !PASSWORD_CHARS.contains(&chars) {
            return Err(format!("has {chars} characters; {min} to {max}"));
        }
        let lower = text.to_lowercase();
        let mut chars = lower.chars();
        let first = chars.next();
        if chars.all(|char| Some(char) == first) || COMMON.lines().any(|common| common == lower) {
            return Err("is one of the first that are guessed; choose another".to_owned());
        }
        Ok(Self(Secret::new(text)))
    }

    /// Refuses a password that is the account's own email address, or the part of it before the `@`.
    ///
    /// # Errors
    /// [`AccountError::Invalid`].
    pub fn for_address(self, email: &EmailAddress) -> Result<Self, AccountError> {
        let lower = self.0.expose().to_lowercase();
        if lower == email.key() || lower == email.local_part().to_ascii_lowercase() {
            return Err(AccountError::Invalid(vec![Fault::new("/password", "is the address; choose another")]));
        }
        Ok(self)
    }

    /// The password in normal form.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// A password that a user entered to prove who they are: right or wrong.
#[derive(Clone, Debug)]
pub struct PasswordAttempt(Secret);

impl PasswordAttempt {
    /// Parses an entered password.
    ///
    /// # Errors
    /// It is longer than any password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, max) = (normalize(text), PASSWORD_CHARS.end());
        if text.chars().count() > *max {
            return Err(format!("has more than {max} characters"));
        }
        Ok(Self(Secret::new(text)))
    }

    /// The entered password in normal form.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// A one-time code from an email, or from what the server prints at its start.
#[derive(Clone, Debug)]
pub struct Code(Secret);

impl Code {
    /// The code in `text`, without the white space that copying adds.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Secret::new(text.trim()))
    }

    /// The code's text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// What a code may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// Creating an account.
    Register,
    /// Setting a new password.
    ResetPassword,
    /// Changing the account's email address.
    ChangeEmail,
    /// Creating the first administrator. This code is printed, not sent.
    Setup,
}

impl CodePurpose {
    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::Setup => "setup",
        }
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
        let (decomposed, composed) = ("cafe\u{301}-noir", "caf\u{e9}-noir");
        assert_eq!(Password::parse(decomposed).unwrap().secret(), PasswordAttempt::parse(composed).unwrap().secret());
    }

    #[test]
    fn common_passwords_and_the_own_address_are_refused() {
        for bad in ["password", "Password1", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "iloveyou"] {
            assert!(Password::parse(bad).unwrap_err().contains("guessed"), "{bad}");
        }
        let email = EmailAddress::parse("Ann.Smith@example.org").unwrap();
        for bad in ["ann.smith@example.org", "ANN.SMITH"] {
            assert!(Password::parse(bad).unwrap().for_address(&email).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_list_of_common_passwords_is_in_the_form_that_is_compared() {
        for common in COMMON.lines() {
            assert!(PASSWORD_CHARS.contains(&common.len()) && common == common.to_lowercase(), "{common}");
        }
    }
}
