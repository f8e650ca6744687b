//! Cairn's tables as SeaORM entities: one file a table.
//!
//! [`control`] tables stand once in an installation (who rents a place here). [`tenant`] tables stand once for each
//! studio, in a PostgreSQL schema or SQLite file of its own, and are reached only through `platform::db::Tenant`.
//!
//! Times are milliseconds since the Unix epoch: the same on both databases, and comparable on both.

pub mod control;
pub mod tenant;
