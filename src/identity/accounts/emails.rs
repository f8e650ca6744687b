//! The texts of the emails to users. None tells its reader more than the address's owner may know.

use std::time::Duration;

use super::model::{Code, StorageNotice};
use crate::{
    identity::access::Role,
    platform::{
        mail::{Email, EmailAddress},
        secret::Secret,
    },
};

/// Writes the emails of one server.
#[derive(Clone, Debug)]
pub struct EmailTexts {
    /// The server's public URL, which signs each email.
    pub server: String,
    /// How long codes are valid.
    pub code_lifetime: Duration,
}

impl EmailTexts {
    /// An email with that text.
    pub fn email(&self, to: &EmailAddress, subject: &str, text: &str) -> Email {
        let text = format!("{text}\n\n-- \nCairn at {}\n", self.server);
        Email { to: to.clone(), subject: subject.to_owned(), text: Secret::new(text) }
    }

    fn with_code(&self, to: &EmailAddress, subject: &str, intro: &str, code: &Code, ignore_hint: &str) -> Email {
        let mins = self.code_lifetime.as_secs().div_ceil(60);
        let code = code.secret().expose();
        let text = format!("{intro}\n\n    {code}\n\nIt works once, within {mins} minutes.\n{ignore_hint}");
        self.email(to, subject, &text)
    }

    /// Registration, where the address has no account.
    pub fn registration(&self, to: &EmailAddress, code: &Code) -> Email {
        self.with_code(
            to,
            "Your code for a new account",
            "To create an account with this address, enter this code:",
            code,
            "If you did not ask for it, ignore this email: no account is created.",
        )
    }

    /// Registration, where the address has an account already.
    pub fn already_registered(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, tried to create an account with this address.\n\
                    There is one already: sign in, or ask for a new password. Nothing was\n\
                    changed.";
        self.email(to, "You have an account already", text)
    }

    /// A password reset, where the address has an account.
    pub fn password_reset(&self, to: &EmailAddress, code: &Code) -> Email {
        self.with_code(
            to,
            "Your code for a new password",
            "To set a new password for your account, enter this code:",
            code,
            "If you did not ask for it, ignore this email: your password stays the same.",
        )
    }

    /// A password reset, where the address has no account.
    pub fn no_account(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, asked for a new password for an account with this\n\
                    address. There is no such account: perhaps yours has another address.";
        self.email(to, "There is no account with this address", text)
    }

    /// An invitation into a studio, whose code is valid for `lifetime`.
    pub fn invitation(&self, to: &EmailAddress, studio: &str, role: Role, code: &Code, lifetime: Duration) -> Email {
        let (role, code, hours) = (role.name(), code.secret().expose(), lifetime.as_secs().div_ceil(3600));
        let text = format!(
            "You are invited into the studio {studio}, as {role}.\nTo join it, sign in with the account that has this address, \
             or create one, and enter this code:\n\n    {code}\n\nIt works once, within {hours} hours.\nIf you do not know who invited you, \
             ignore this email."
        );
        self.email(to, "You are invited into a studio", &text)
    }

    /// A change of address, to the new one.
    pub fn email_change(&self, to: &EmailAddress, code: &Code) -> Email {
        self.with_code(
            to,
            "Your code for a new address",
            "To make this the address of your account, sign in and enter this code:",
            code,
            "If you did not ask for it, ignore this email.",
        )
    }

    /// A change of address, to a new one that has an account already.
    pub fn email_taken(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, tried to make this the address of another\n\
                    account. It has an account already, so nothing was changed.";
        self.email(to, "This address has an account already", text)
    }

    /// The notice to the old address that the account has a new one.
    pub fn email_changed(&self, to: &EmailAddress) -> Email {
        let text = "The address of your account was changed, from this one to another. If\n\
                    you did not do that, contact those who run the server.";
        self.email(to, "The address of your account was changed", text)
    }

    /// The notice that the password was changed.
    pub fn password_changed(&self, to: &EmailAddress) -> Email {
        let text = "The password of your account was changed, and all sessions were ended.\n\
                    If you did not do that, ask for a new password now.";
        self.email(to, "Your password was changed", text)
    }

    /// The notice to an owner that their studio comes near a bound of what it may store.
    pub fn storage_notice(&self, to: &EmailAddress, notice: &StorageNotice) -> Email {
        let (name, object, detail) = (&notice.world, notice.object(), notice.detail());
        let text = format!(
            "The studio of {name} comes near a bound of what it may store on this\nserver:\n\n    {object}: {detail}\n\n\
             Where the bound is reached, new traces replace old ones or are refused,\nas the settings of the game say. \
             Remove what is no longer needed, or ask\nthose who run the server for more."
        );
        self.email(to, "Your studio comes near a bound of its storage", &text)
    }

    /// The notice that the account was deleted.
    pub fn account_deleted(&self, to: &EmailAddress) -> Email {
        self.email(to, "Your account was deleted", "Your account and its data were deleted, as you asked.")
    }
}
