//! Migrations of the control tables, which exist once in an installation, a folder for each domain.

pub mod catalogue;
pub mod identity;
pub mod journal;
pub mod platform;
pub mod traces;
