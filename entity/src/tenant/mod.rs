//! Tables that stand once for each studio.

pub mod change;
pub mod idempotency;
pub mod import;
pub mod player;
pub mod player_token;
pub mod recording;
pub mod seed_name;
pub mod trace;
pub mod trace_ref;
pub mod upload;
pub mod world;
