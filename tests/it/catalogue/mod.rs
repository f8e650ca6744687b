//! Games as the world knows them.

mod discovery;
pub mod prices;
mod titles;
