//! Tables that stand once for each studio.

pub mod ban;
pub mod change;
pub mod hidden_author;
pub mod idempotency;
pub mod import;
pub mod inbox;
pub mod legacy_name;
pub mod player;
pub mod player_token;
pub mod recording;
pub mod report;
pub mod trace;
pub mod trace_ref;
pub mod trace_use;
pub mod upload;
pub mod vote;
pub mod world;
