//! Migrations of the tenant tables, which exist once for each studio, a folder for each domain.

pub mod identity;
pub mod traces;
pub mod worlds;
