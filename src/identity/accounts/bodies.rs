//! Bodies of requests: as they are described, and read.

use poem_openapi::{Object, types::Example};

use super::model::{AccountError, Attempt, Code, Password};
use crate::platform::{codec::fields::Fields, mail::EmailAddress};

/// The address of the examples.
pub const EXAMPLE_EMAIL: &str = "ann@example.org";

const PASSWORD: &str = "correct horse battery";
const CODE: &str = "6f1d0c7be2a94d5f8b3a7c60e1f2d4a9";

/// Reads the fields of a body; `read` gets nothing where something is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, AccountError> {
    let mut fields = Fields::read(body)?;
    let made = read(&mut fields);
    fields.done(made).map_err(AccountError::Invalid)
}

fn code(fields: &mut Fields) -> Option<Code> {
    fields.text("code", |text| Ok(Code::new(text)))
}

/// An address.
#[derive(Debug, Object)]
#[oai(example)]
pub struct AddressRequest {
    /// At most 254 bytes of ASCII.
    email: String,
}

impl Example for AddressRequest {
    fn example() -> Self {
        Self { email: EXAMPLE_EMAIL.to_owned() }
    }
}

impl AddressRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<EmailAddress, AccountError> {
        read(body, |fields| fields.text("email", EmailAddress::parse))
    }
}

/// A code from a letter, and the password that it is to set.
#[derive(Debug, Object)]
#[oai(example)]
pub struct CodeAndPasswordRequest {
    /// From the letter.
    code: String,
    /// 8 to 128 characters of any kind; none of the first that are guessed, and not the address.
    password: String,
}

impl Example for CodeAndPasswordRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned(), password: PASSWORD.to_owned() }
    }
}

impl CodeAndPasswordRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<(Code, Password), AccountError> {
        read(body, |fields| {
            let (code, password) = (code(fields), fields.text("password", Password::parse));
            code.zip(password)
        })
    }
}

/// The code that was printed at the start, and who is to be the administrator.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SetupRequest {
    /// As it was printed.
    code: String,
    /// At most 254 bytes of ASCII. Counts as proven.
    email: String,
    /// 8 to 128 characters of any kind; none of the first that are guessed, and not the address.
    password: String,
}

impl Example for SetupRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned(), email: EXAMPLE_EMAIL.to_owned(), password: PASSWORD.to_owned() }
    }
}

impl SetupRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<(Code, EmailAddress, Password), AccountError> {
        read(body, |fields| {
            let code = code(fields);
            let email = fields.text("email", EmailAddress::parse);
            let password = fields.text("password", Password::parse);
            Some((code?, email?, password?))
        })
    }
}

/// A code from a letter.
#[derive(Debug, Object)]
#[oai(example)]
pub struct CodeRequest {
    /// From the letter.
    code: String,
}

impl Example for CodeRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned() }
    }
}

impl CodeRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<Code, AccountError> {
        read(body, code)
    }
}

/// Who signs in.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SignInRequest {
    /// The account's address, in any spelling.
    email: String,
    /// Its password.
    password: String,
    /// Whether the session is given as a cookie, which scripts can't read, in place of a token: for browsers. Absent: no.
    cookie: Option<bool>,
}

impl Example for SignInRequest {
    fn example() -> Self {
        Self { email: EXAMPLE_EMAIL.to_owned(), password: PASSWORD.to_owned(), cookie: Some(false) }
    }
}

impl SignInRequest {
    /// Reads it: address, password, and whether it is to be a cookie.
    pub fn read(body: &[u8]) -> Result<(EmailAddress, Attempt, bool), AccountError> {
        read(body, |fields| {
            let email = fields.text("email", EmailAddress::parse);
            let password = fields.text("password", Attempt::parse);
            let cookie = fields.flag("cookie");
            Some((email?, password?, cookie?))
        })
    }
}

/// The password, and the one in its place.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ChangePasswordRequest {
    /// The password so far.
    current: String,
    /// 8 to 128 characters of any kind; none of the first that are guessed, and not the address.
    password: String,
}

impl Example for ChangePasswordRequest {
    fn example() -> Self {
        Self { current: PASSWORD.to_owned(), password: "incorrect donkey battery".to_owned() }
    }
}

impl ChangePasswordRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<(Attempt, Password), AccountError> {
        read(body, |fields| {
            let current = fields.text("current", Attempt::parse);
            current.zip(fields.text("password", Password::parse))
        })
    }
}

/// The address that is to be the account's.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ChangeEmailRequest {
    /// The new address.
    email: String,
    /// The account's password.
    password: String,
}

impl Example for ChangeEmailRequest {
    fn example() -> Self {
        Self { email: "ann@new.example".to_owned(), password: PASSWORD.to_owned() }
    }
}

impl ChangeEmailRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<(EmailAddress, Attempt), AccountError> {
        read(body, |fields| {
            let email = fields.text("email", EmailAddress::parse);
            email.zip(fields.text("password", Attempt::parse))
        })
    }
}

/// The password again, for what can't be undone.
#[derive(Debug, Object)]
#[oai(example)]
pub struct PasswordRequest {
    /// The account's password.
    password: String,
}

impl Example for PasswordRequest {
    fn example() -> Self {
        Self { password: PASSWORD.to_owned() }
    }
}

impl PasswordRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<Attempt, AccountError> {
        read(body, |fields| fields.text("password", Attempt::parse))
    }
}
