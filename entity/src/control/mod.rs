//! Tables that stand once in an installation.

pub mod installation;
pub mod studio;
