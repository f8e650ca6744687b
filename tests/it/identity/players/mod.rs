//! Players: signing in, links to accounts, legacy names.

mod display_names;
mod legacy_names;
mod links;
mod repeated;
mod sign_in;
