//! Who somebody is, and what they may do: people with accounts, studios with their games and keys, players of a game.
//!
//! [`access`] holds the words for permission that every domain uses, and the extractors that find out who asks. The
//! features beside it know who is known; `app` hands their answers to the extractors.

pub mod access;
pub mod accounts;
pub mod answers;
pub mod app_passwords;
pub mod bot_checks;
pub mod examples;
pub mod notices;
pub mod oidc;
pub mod people;
pub mod players;
pub mod profiles;
pub mod sanctions;
pub mod studios;
pub mod tags;
