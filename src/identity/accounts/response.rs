//! The responses of accounts; those about sessions in [`sessions`], about second factors in [`second_factor`], the export of all data
//! in [`export`].

mod export;
mod second_factor;
mod sessions;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    export::{AccountExportResponse, AccountExported, LinkedPlayerResponse, MembershipResponse},
    second_factor::{RecoveryCodesShown, SecondFactorBegun, SecondFactorResponse, SecondFactorShown},
    sessions::{SessionEnded, SessionListResponse, SessionOpened, SessionsListed, SignInFinished},
};
use super::{model::Account, request::EMAIL};
use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::{Ban, ModerationReason},
        examples::{self, TIME_MS},
    },
};

#[derive(ApiResponse)]
pub enum EmailAccepted {
    /// An email will be sent. The answer is the same whether the address has an account or not.
    #[oai(status = 202)]
    Email(NoStore<EmailSentResponse>),
}

impl EmailSentResponse {
    /// For this address, in the spelling in which it was given.
    #[must_use]
    pub fn new(email: String) -> Self {
        Self { email }
    }
}

impl EmailAccepted {
    /// For this address, in the spelling in which it was given.
    pub fn new(email: String) -> Self {
        Self::Email(NoStore(EmailSentResponse::new(email)))
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
    #[oai(validator(max_length = 254))]
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
    #[oai(validator(max_length = 254))]
    email: String,
    /// When the account was created.
    created_at: Timestamp,
    /// When the password was last set; absent where the account has none, and is signed in to by a provider.
    #[oai(skip_serializing_if_is_none)]
    password_at: Option<Timestamp>,
    /// Whether the user administers the installation.
    administrator: bool,
    /// Whether the user moderates what people write here; administrators do, too.
    moderator: bool,
    /// That a moderator has banned the user: they can read, export and delete, and write nothing that others could see.
    #[oai(skip_serializing_if_is_none)]
    ban: Option<BanResponse>,
}

/// That somebody is banned.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Ban")]
pub struct BanResponse {
    /// Why.
    reason: OneOf<ModerationReason>,
    /// Until when; absent: for good.
    #[oai(skip_serializing_if_is_none)]
    until: Option<Timestamp>,
}

impl From<Ban> for BanResponse {
    fn from(Ban { until_ms, reason }: Ban) -> Self {
        Self { reason: OneOf(reason), until: until_ms.map(Timestamp) }
    }
}

impl Example for BanResponse {
    fn example() -> Self {
        Self { reason: OneOf(ModerationReason::Spam), until: Some(Timestamp(TIME_MS)) }
    }
}

impl Example for AccountResponse {
    fn example() -> Self {
        let (created_at, password_at) = (Timestamp(TIME_MS), Some(Timestamp(TIME_MS)));
        Self {
            user_id: examples::user(),
            email: EMAIL.to_owned(),
            created_at,
            password_at,
            administrator: false,
            moderator: false,
            ban: None,
        }
    }
}

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        Self {
            user_id: account.user.to_string(),
            email: account.email,
            created_at: Timestamp(account.created_at_ms),
            password_at: account.password_at_ms.map(Timestamp),
            administrator: account.administrator,
            moderator: account.moderator,
            ban: account.ban.map(BanResponse::from),
        }
    }
}
