//! Cairn's tables as SeaORM entities: one file a table.
//!
//! [`control`] tables exist once in an installation (studios, users, keys). [`tenant`] tables exist once for each
//! studio, in a PostgreSQL schema or SQLite file of its own, and are reached only through `platform::db::Tenant`.
//!
//! Times are milliseconds since the Unix epoch, which both databases store and compare alike.

pub mod control;
pub mod tenant;
