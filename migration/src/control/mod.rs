//! The control tables.

pub mod m0001_installation;
pub mod m0002_studio;
pub mod m0003_game;
pub mod m0004_api_key;
pub mod m0005_audit;
