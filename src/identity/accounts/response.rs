//! The responses of accounts; those about sessions in [`sessions`], the export of all data in [`export`].

mod export;
mod sessions;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    export::{AccountExportResponse, AccountExported, LinkedPlayerResponse, MembershipResponse},
    sessions::{SessionEnded, SessionListResponse, SessionOpened, SessionsListed},
};
use super::{model::Account, request::EMAIL};
use crate::{http::no_store::NoStore, platform::clock};

/// The time in examples.
const TIME: &str = "2026-11-21T08:00:00Z";
/// The user's id in examples.
const USER: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";

#[derive(ApiResponse)]
pub enum EmailAccepted {
    /// An email will be sent. The answer is the same whether the address has an account or not.
    #[oai(status = 202)]
    Email(NoStore<EmailSentResponse>),
}

impl EmailAccepted {
    /// For this address, in the spelling in which it was given.
    pub fn new(email: String) -> Self {
        Self::Email(NoStore(EmailSentResponse { email }))
    }
}

#[derive(ApiResponse)]
pub enum AccountCreated {
    /// The account was created.
    #[oai(status = 201)]
    Account(NoStore<AccountResponse>),
}

#[derive(ApiResponse)]
pub enum AccountShown {
    /// The account.
    #[oai(status = 200)]
    Account(NoStore<AccountResponse>),
}

impl From<Account> for AccountCreated {
    fn from(account: Account) -> Self {
        Self::Account(NoStore(account.into()))
    }
}

impl From<Account> for AccountShown {
    fn from(account: Account) -> Self {
        Self::Account(NoStore(account.into()))
    }
}

/// An email will be sent to this address. What it says depends on whether the address has an account.
#[derive(Debug, Object)]
#[oai(example, rename = "EmailSent")]
pub struct EmailSentResponse {
    /// The address, as it was given.
    email: String,
}

impl Example for EmailSentResponse {
    fn example() -> Self {
        Self { email: EMAIL.to_owned() }
    }
}

/// An account.
#[derive(Debug, Object)]
#[oai(example, rename = "Account")]
pub struct AccountResponse {
    /// The user's id.
    user_id: String,
    /// The email address, as it was given.
    email: String,
    /// When the account was created.
    created_at: String,
    /// When the password was last set.
    password_at: String,
    /// Whether the user administers the installation.
    administrator: bool,
}

impl Example for AccountResponse {
    fn example() -> Self {
        let (user_id, email) = (USER.to_owned(), EMAIL.to_owned());
        Self { user_id, email, created_at: TIME.to_owned(), password_at: TIME.to_owned(), administrator: false }
    }
}

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        Self {
            user_id: account.user.to_string(),
            email: account.email,
            created_at: clock::format(account.created_at_ms),
            password_at: clock::format(account.password_at_ms),
            administrator: account.administrator,
        }
    }
}
