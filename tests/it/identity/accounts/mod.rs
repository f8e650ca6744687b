//! Accounts: made with a code that is sent by email, used in sessions, deleted whole.

mod addresses;
mod bad_input;
mod codes;
mod email;
mod guessing;
mod lifecycle;
mod races;
pub mod second_factor;
mod sessions;
mod setup;
