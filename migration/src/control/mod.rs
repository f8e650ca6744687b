//! The control tables.

pub mod m0001_installation;
pub mod m0002_studio;
