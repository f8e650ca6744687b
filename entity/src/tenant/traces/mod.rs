//! Tables of traces and everything that belongs to them.

pub mod ban;
pub mod claimed_ban;
pub mod hidden_author;
pub mod idempotency;
pub mod import;
pub mod inbox;
pub mod own_count;
pub mod recording;
pub mod report;
pub mod reporter;
pub mod trace;
pub mod trace_ref;
pub mod trace_use;
pub mod upload;
pub mod vote;
