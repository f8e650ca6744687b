//! The emails: short and plain, and none says more than its reader may know.

use std::time::Duration;

use super::model::Code;
use crate::{
    identity::access::Role,
    platform::{
        mail::{Email, EmailAddress},
        secret::Secret,
    },
};

/// Writes emails for one server.
#[derive(Clone, Debug)]
pub struct Letters {
    /// Where its users reach it, so that a letter says which server it is from.
    pub server: String,
    /// How long codes last.
    pub codes_last: Duration,
}

impl Letters {
    fn letter(&self, to: &EmailAddress, subject: &str, text: &str) -> Email {
        let text = format!("{text}\n\n-- \nCairn at {}\n", self.server);
        Email { to: to.clone(), subject: subject.to_owned(), text: Secret::new(text) }
    }

    fn with_code(&self, to: &EmailAddress, subject: &str, what: &str, code: &Code, otherwise: &str) -> Email {
        let mins = self.codes_last.as_secs().div_ceil(60);
        let code = code.secret().expose();
        self.letter(to, subject, &format!("{what}\n\n    {code}\n\nIt works once, within {mins} minutes.\n{otherwise}"))
    }

    /// To somebody who wants an account.
    pub fn register(&self, to: &EmailAddress, code: &Code) -> Email {
        let what = "To make an account with this address, enter this code:";
        self.with_code(
            to,
            "Your code for a new account",
            what,
            code,
            "If you did not ask for it, do nothing: no account is made.",
        )
    }

    /// To somebody who wants an account and has one.
    pub fn registered_already(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, wanted to make an account with this address.\n\
                    There is one already: sign in, or ask for a new password. Nothing was\n\
                    changed.";
        self.letter(to, "You have an account already", text)
    }

    /// To somebody who has forgotten his password.
    pub fn reset(&self, to: &EmailAddress, code: &Code) -> Email {
        let what = "To set a new password for your account, enter this code:";
        self.with_code(
            to,
            "Your code for a new password",
            what,
            code,
            "If you did not ask for it, do nothing: the old password stays.",
        )
    }

    /// To somebody who asked for a new password and has no account.
    pub fn no_account(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, asked for a new password for an account with this\n\
                    address. There is none: perhaps your account has another address.";
        self.letter(to, "There is no account with this address", text)
    }

    /// To somebody who is invited into a studio.
    pub fn invitation(&self, to: &EmailAddress, studio: &str, role: Role, code: &Code, lasts: Duration) -> Email {
        let (role, code, hours) = (role.name(), code.secret().expose(), lasts.as_secs().div_ceil(3600));
        let text = format!(
            "You are invited into the studio {studio}, as {role}.\nTo join it, sign in with your account, or make one, and enter this code:\n\n    \
             {code}\n\nIt works once, within {hours} hours.\nIf you do not know who invites you, do nothing."
        );
        self.letter(to, "You are invited into a studio", &text)
    }

    /// To the new address of somebody who wants to change it.
    pub fn change_email(&self, to: &EmailAddress, code: &Code) -> Email {
        let what = "To make this the address of your account, sign in and enter this code:";
        self.with_code(to, "Your code for a new address", what, code, "If you did not ask for it, do nothing.")
    }

    /// To an address that has an account, and was given as the new one of another.
    pub fn address_taken(&self, to: &EmailAddress) -> Email {
        let text = "Somebody, perhaps you, wanted to make this the address of another\n\
                    account. It has an account already, so nothing was changed.";
        self.letter(to, "This address has an account already", text)
    }

    /// To the old address, when it was changed.
    pub fn email_changed(&self, to: &EmailAddress) -> Email {
        let text = "The address of your account was changed; this one is no longer it. If\n\
                    you did not do that, tell those who run the server.";
        self.letter(to, "The address of your account was changed", text)
    }

    /// When the password was set.
    pub fn password_changed(&self, to: &EmailAddress) -> Email {
        let text = "The password of your account was changed, and all sessions were ended.\n\
                    If you did not do that, ask for a new password now.";
        self.letter(to, "Your password was changed", text)
    }

    /// When the account was deleted.
    pub fn deleted(&self, to: &EmailAddress) -> Email {
        self.letter(to, "Your account was deleted", "Your account and what belonged to it were deleted, as you asked.")
    }
}
