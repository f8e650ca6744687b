//! Migrations of the tables of the installation itself.

pub mod m0001_installation;
pub mod m0048_namespace;
