//! App passwords: what a user gives a program that knows a user name and a password alone, such as one that keeps saves by WebDAV.
//!
//! - A password is 128 random bits, shown once. Only its SHA-256 is stored: so many random bits need no slow hash.
//! - It opens what it is for, and nothing of the account: no route under `/v1` or `/api` takes it.
//! - It is named and can be revoked by itself. A new password of the account, and signing out everywhere, end all of them.
//! - It is taken over https, or from this machine, alone. Wrong ones are slowed down like sign-ins, by network.

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{AppPasswordsApi, app_user},
    model::{AppPasswordError, AppUser},
    service::AppPasswords,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::BODY_READERS;
}
