//! Migrations of the tables of worlds and their change log.

pub mod m0001_world;
pub mod m0014_change;
pub mod m0027_guard;
pub mod m0032_storage_use;
pub mod m0047_stamp;
