//! Accounts, studios, players, and who may do what.

mod access;
pub mod accounts;
mod people;
mod players;
mod studios;
