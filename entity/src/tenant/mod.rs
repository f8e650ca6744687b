//! Tables that stand once for each studio, a folder for each domain: only that domain names them.

pub mod identity;
pub mod traces;
pub mod worlds;
