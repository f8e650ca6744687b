//! Migrations of the tables of mechanisms.

pub mod m0053_job;
