//! Accounts, studios, players, and who may do what.

mod access;
mod accounts;
mod people;
mod players;
mod studios;
