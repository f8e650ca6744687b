//! Accounts of users, who sign in with an email address and a password, or with an account elsewhere (`identities`).
//!
//! - **An account is created only once its address is confirmed.** To register, a user gives an address and gets an email
//!   with a code; the code creates the account, and only then a password is chosen. So nobody can set a password on
//!   somebody else's address and wait for its owner to take the account over, and nothing is stored of people who never
//!   answer.
//! - **Nobody can find out who has an account.** Signing in with an unknown address answers as a wrong password does, takes
//!   the time of the same one hash (`password`) and is throttled alike (`throttle`). Registering and asking for a new
//!   password answer the same for every address, before the result of the lookup is used; only the email (`emails`)
//!   differs, which is written when it is sent (`email_jobs`).
//! - Secrets are stored only as digests: the tokens of sessions, the codes of emails. A code works once, and expires.
//! - A session ends when it is idle for too long, at a set age, and when its user ends it. Each use asks the database, so
//!   it ends on all instances at once. Setting a password, and signing out everywhere, raise the user's *epoch*: sessions
//!   of an older epoch are void, also one that is being opened at that moment.
//! - Every change of an account needs the password again.
//! - Whoever wants is asked for a code of an authenticator app too (`second_factor`).
//! - An installation starts without users. Whoever can read what it prints at its start, or run it, creates the first
//!   administrator (`setup`); there is no default password. An administrator may found studios where only administrators
//!   may, and sees every studio.

mod api;
mod config;
mod directory;
mod email_jobs;
mod emails;
mod identities;
mod metrics;
mod model;
mod password;
mod ports;
mod request;
mod response;
mod second_factor;
mod service;
mod session;
mod setup;
mod store;
mod throttle;

pub use self::{
    api::{AccountsApi, SecondFactorApi, SetupApi},
    config::AccountsConfig,
    directory::PreparedInvitation,
    metrics::AccountMetrics,
    model::{
        Account, AccountError, Affiliations, Code, Deletion, Keep, LinkedIdentity, LinkedPlayer, Membership, Password,
        PasswordAttempt, ProvenIdentity, StorageNotice,
    },
    password::HashCost,
    ports::{AffiliationsPort, Pieces},
    response::{EmailSentResponse, LinkedPlayerResponse, MembershipResponse, SessionEnded},
    service::{Accounts, EmailParts, Settings},
    session::{SessionClient, SignIn},
    throttle::{CountedAttempt, Limits},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::BODY_READERS;
}
