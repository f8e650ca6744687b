//! Accounts, studios, players, and who may do what.

mod access;
pub mod accounts;
mod bot_checks;
mod oidc;
mod people;
mod players;
mod studios;
