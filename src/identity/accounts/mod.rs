//! Accounts: people who can sign in.
//!
//! - **An account exists only once its address is proven.** Who registers gives an address and gets a letter with a code;
//!   the code makes the account, and only then a password is chosen. So nobody can put a password on an address that is
//!   another's and wait until that one takes the account over, and nothing of people who never answer is kept.
//! - **Nobody learns who has an account.** Signing in with an unknown address answers as a wrong password does, costs the
//!   same one hash (`password`) and is slowed down alike (`throttle`). Registering and asking for a new password answer
//!   the same for every address, before it is looked up; the letter (`emails`) tells.
//! - What opens something is kept only as a digest: the tokens of sessions, the codes of emails. A code works once, and
//!   ends.
//! - A session ends when it is idle for too long, at a set age, and when its user says so. Each use asks the database, so
//!   it ends on all instances at once. Setting a password, and signing out everywhere, raise the user's *epoch*: sessions
//!   of an older one are void, also one that is being opened at that moment.
//! - What changes an account asks for the password again.
//! - An installation begins without users. Whoever may read what it prints at its start, or run it, makes the administrator
//!   (`setup`); there is no default password. An administrator may found studios where only administrators may, and see
//!   every studio.

mod api;
mod bodies;
mod config;
mod directory;
mod emails;
mod model;
mod password;
mod service;
mod session;
mod setup;
mod store;
mod throttle;
mod wire;

pub use self::{
    api::{AccountsApi, SetupApi, UserData},
    config::AccountsConfig,
    directory::Invite,
    model::{AccountError, Code, Held, LinkedPlayer, Membership, Password},
    password::Cost,
    service::{Accounts, Settings},
    throttle::{Counted, Limits},
    wire::{LinkedPlayerResponse, MembershipResponse},
};
