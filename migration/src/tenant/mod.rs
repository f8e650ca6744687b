//! The tenant tables.

pub mod m0001_world;
pub mod m0002_trace;
pub mod m0003_recording;
pub mod m0004_idempotency;
