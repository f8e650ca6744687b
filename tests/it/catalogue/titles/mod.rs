//! Titles, which the API calls games.

mod approval;
mod files;
mod intake;
mod links;
pub mod people;
mod search;
mod whole;
