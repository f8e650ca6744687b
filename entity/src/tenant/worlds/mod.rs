//! Tables of worlds and their change log.

pub mod change;
pub mod world;
