//! Tables that exist once in an installation, a folder for each domain: only that domain uses them.

pub mod catalogue;
pub mod identity;
pub mod journal;
pub mod platform;
pub mod traces;
