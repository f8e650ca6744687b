//! Migrations of the tables of the installation itself.

pub mod m0001_installation;
