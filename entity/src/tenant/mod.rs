//! Tables that exist once for each studio, a folder for each domain: only that domain uses them.

pub mod identity;
pub mod traces;
pub mod worlds;
