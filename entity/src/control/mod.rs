//! Tables that stand once in an installation, a folder for each domain: only that domain names them.

pub mod identity;
pub mod platform;
pub mod traces;
