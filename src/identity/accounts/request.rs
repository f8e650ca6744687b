//! The bodies of requests: their documentation, and how they are parsed.

use poem_openapi::{Object, types::Example};

use super::model::{AccountError, Code, Deletion, FactorCode, Keep, Password, PasswordAttempt};
use crate::platform::{
    codec::fields::{BodyReader, Fields, Unreadable},
    error::Fault,
    mail::{EmailAddress, Language},
    secret::Secret,
};

/// The email address in examples.
pub const EMAIL: &str = "ann@example.org";

const PASSWORD: &str = "correct horse battery";
const CODE: &str = "6f1d0c7be2a94d5f8b3a7c60e1f2d4a9";
const FACTOR_CODE: &str = "081804";

impl From<Unreadable> for AccountError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed(detail) => Self::Malformed(detail),
            Unreadable::NoObject => Self::Invalid(vec![Fault::new("", "must be an object")]),
        }
    }
}

/// Parses the fields of a body. `parse` returns nothing where a field is missing or wrong; all such fields are reported.
fn read<T>(body: &[u8], parse: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, AccountError> {
    let mut fields = Fields::read(body)?;
    let parsed = parse(&mut fields);
    fields.done(parsed).map_err(AccountError::Invalid)
}

fn code(fields: &mut Fields) -> Option<Code> {
    fields.text("code", |text| Ok(Code::new(text)))
}

/// An email address to which a code is to be sent.
#[derive(Debug, Object)]
#[oai(example, rename = "EmailAddress")]
pub struct AddressRequest {
    /// The address: at most 254 bytes of ASCII.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The language of the email, as a tag: `ro` and `ro-RO` are Romanian, others English. What an account's profile says comes first.
    #[oai(validator(max_length = 35))]
    language: Option<String>,
}

impl Example for AddressRequest {
    fn example() -> Self {
        Self { email: EMAIL.to_owned(), language: Some("en".to_owned()) }
    }
}

impl AddressRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(EmailAddress, Language), AccountError> {
        read(body, |fields| {
            let email = fields.text("email", EmailAddress::parse);
            let language = fields.optional_text("language", Language::parse);
            Some((email?, language?.unwrap_or_default()))
        })
    }
}

/// A code from an email, and the password to set.
#[derive(Debug, Object)]
#[oai(example, rename = "CodeAndPassword")]
pub struct CodeAndPasswordRequest {
    /// The code from the email.
    code: String,
    /// The password to set, of any kind of characters. Common passwords and the email address itself are refused.
    #[oai(validator(min_length = 8, max_length = 128))]
    password: String,
}

impl Example for CodeAndPasswordRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned(), password: PASSWORD.to_owned() }
    }
}

impl CodeAndPasswordRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(Code, Password), AccountError> {
        read(body, |fields| {
            let (code, password) = (code(fields), fields.text("password", Password::parse));
            code.zip(password)
        })
    }
}

/// The code that the server printed at its start, and the address and password of the administrator to create.
#[derive(Debug, Object)]
#[oai(example, rename = "FirstAdministrator")]
pub struct SetupRequest {
    /// The code, as it was printed.
    code: String,
    /// The administrator's address: at most 254 bytes of ASCII. It needs no confirmation.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The password to set, of any kind of characters. Common passwords and the email address itself are refused.
    #[oai(validator(min_length = 8, max_length = 128))]
    password: String,
}

impl Example for SetupRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned(), email: EMAIL.to_owned(), password: PASSWORD.to_owned() }
    }
}

impl SetupRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(Code, EmailAddress, Password), AccountError> {
        read(body, |fields| {
            let code = code(fields);
            let email = fields.text("email", EmailAddress::parse);
            let password = fields.text("password", Password::parse);
            Some((code?, email?, password?))
        })
    }
}

/// A code from an email.
#[derive(Debug, Object)]
#[oai(example, rename = "EmailedCode")]
pub struct CodeRequest {
    /// The code from the email.
    code: String,
}

impl Example for CodeRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned() }
    }
}

impl CodeRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<Code, AccountError> {
        read(body, code)
    }
}

/// An email address and a password to sign in with.
#[derive(Debug, Object)]
#[oai(example, rename = "SignIn")]
pub struct SignInRequest {
    /// The account's email address, upper or lower case.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
    /// For browsers: whether to set the session as a cookie, which scripts can't read, instead of returning a token. False if
    /// absent.
    cookie: Option<bool>,
}

impl Example for SignInRequest {
    fn example() -> Self {
        Self { email: EMAIL.to_owned(), password: PASSWORD.to_owned(), cookie: Some(false) }
    }
}

impl SignInRequest {
    /// Parses the address, the password, and whether to set a cookie.
    pub fn read(body: &[u8]) -> Result<(EmailAddress, PasswordAttempt, bool), AccountError> {
        read(body, |fields| {
            let email = fields.text("email", EmailAddress::parse);
            let password = fields.text("password", PasswordAttempt::parse);
            let cookie = fields.flag("cookie");
            Some((email?, password?, cookie?))
        })
    }
}

/// The present password and the new one.
#[derive(Debug, Object)]
#[oai(example, rename = "PasswordChange")]
pub struct ChangePasswordRequest {
    /// The present password.
    #[oai(validator(max_length = 128))]
    current: String,
    /// The password to set, of any kind of characters. Common passwords and the email address itself are refused.
    #[oai(validator(min_length = 8, max_length = 128))]
    password: String,
}

impl Example for ChangePasswordRequest {
    fn example() -> Self {
        Self { current: PASSWORD.to_owned(), password: "incorrect donkey battery".to_owned() }
    }
}

impl ChangePasswordRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(PasswordAttempt, Password), AccountError> {
        read(body, |fields| {
            let current = fields.text("current", PasswordAttempt::parse);
            current.zip(fields.text("password", Password::parse))
        })
    }
}

/// The new email address of the account.
#[derive(Debug, Object)]
#[oai(example, rename = "EmailChange")]
pub struct ChangeEmailRequest {
    /// The new email address.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
}

impl Example for ChangeEmailRequest {
    fn example() -> Self {
        Self { email: "ann@new.example".to_owned(), password: PASSWORD.to_owned() }
    }
}

impl ChangeEmailRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(EmailAddress, PasswordAttempt), AccountError> {
        read(body, |fields| {
            let email = fields.text("email", EmailAddress::parse);
            email.zip(fields.text("password", PasswordAttempt::parse))
        })
    }
}

/// The password, which confirms that the account is to be deleted, and what is to stay of it.
#[derive(Debug, Object)]
#[oai(example, rename = "PasswordConfirmation")]
pub struct DeletionRequest {
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
    /// Whether the reviews that everybody sees stay, without their author. Absent: no, they are deleted.
    keep_reviews: Option<bool>,
}

impl Example for DeletionRequest {
    fn example() -> Self {
        Self { password: PASSWORD.to_owned(), keep_reviews: None }
    }
}

impl DeletionRequest {
    /// Parses the body. What is not known is refused: a slip in `keep_reviews` can't be made good afterwards.
    pub fn read(body: &[u8]) -> Result<Deletion, AccountError> {
        read(body, Deletion::of)
    }
}

impl Deletion {
    /// The members of a body that asks for the deletion of an account.
    pub fn of(fields: &mut Fields) -> Option<Self> {
        let (attempt, reviews) = (fields.text("password", PasswordAttempt::parse), fields.flag("keep_reviews"));
        fields.refuse_others();
        Some(Self { attempt: attempt?, keep: if reviews? { Keep::Reviews } else { Keep::Nothing } })
    }
}

/// The challenge of a sign-in, and a code of the second factor.
#[derive(Debug, Object)]
#[oai(example, rename = "SecondStep")]
pub struct SecondStepRequest {
    /// What the first step gave.
    challenge: String,
    /// The six digits of the authenticator app, or a recovery code. Spaces and hyphens don't matter.
    code: String,
}

impl Example for SecondStepRequest {
    fn example() -> Self {
        Self { challenge: "AQ…".to_owned(), code: FACTOR_CODE.to_owned() }
    }
}

impl SecondStepRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(Secret, FactorCode), AccountError> {
        read(body, |fields| {
            let challenge = fields.text("challenge", |text| Ok(Secret::new(text)));
            challenge.zip(fields.text("code", FactorCode::parse))
        })
    }
}

/// The account's password.
#[derive(Debug, Object)]
#[oai(example, rename = "AccountPassword")]
pub struct PasswordRequest {
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
}

impl Example for PasswordRequest {
    fn example() -> Self {
        Self { password: PASSWORD.to_owned() }
    }
}

impl PasswordRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<PasswordAttempt, AccountError> {
        read(body, |fields| fields.text("password", PasswordAttempt::parse))
    }
}

/// A code of the authenticator app.
#[derive(Debug, Object)]
#[oai(example, rename = "FactorCode")]
pub struct FactorCodeRequest {
    /// The six digits that the app shows.
    code: String,
}

impl Example for FactorCodeRequest {
    fn example() -> Self {
        Self { code: FACTOR_CODE.to_owned() }
    }
}

impl FactorCodeRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<FactorCode, AccountError> {
        read(body, |fields| fields.text("code", FactorCode::parse))
    }
}

/// The account's password, and a code of its second factor.
#[derive(Debug, Object)]
#[oai(example, rename = "PasswordAndFactorCode")]
pub struct PasswordAndFactorCodeRequest {
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
    /// The six digits of the authenticator app, or a recovery code.
    code: String,
}

impl Example for PasswordAndFactorCodeRequest {
    fn example() -> Self {
        Self { password: PASSWORD.to_owned(), code: FACTOR_CODE.to_owned() }
    }
}

impl PasswordAndFactorCodeRequest {
    /// Parses the body.
    pub fn read(body: &[u8]) -> Result<(PasswordAttempt, FactorCode), AccountError> {
        read(body, |fields| {
            let password = fields.text("password", PasswordAttempt::parse);
            password.zip(fields.text("code", FactorCode::parse))
        })
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("AddressRequest", |body| AddressRequest::read(body).is_ok()),
    ("CodeAndPasswordRequest", |body| CodeAndPasswordRequest::read(body).is_ok()),
    ("SetupRequest", |body| SetupRequest::read(body).is_ok()),
    ("CodeRequest", |body| CodeRequest::read(body).is_ok()),
    ("SignInRequest", |body| SignInRequest::read(body).is_ok()),
    ("ChangePasswordRequest", |body| ChangePasswordRequest::read(body).is_ok()),
    ("ChangeEmailRequest", |body| ChangeEmailRequest::read(body).is_ok()),
    ("DeletionRequest", |body| DeletionRequest::read(body).is_ok()),
    ("SecondStepRequest", |body| SecondStepRequest::read(body).is_ok()),
    ("PasswordRequest", |body| PasswordRequest::read(body).is_ok()),
    ("FactorCodeRequest", |body| FactorCodeRequest::read(body).is_ok()),
    ("PasswordAndFactorCodeRequest", |body| PasswordAndFactorCodeRequest::read(body).is_ok()),
];
