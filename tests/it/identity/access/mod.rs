//! Permissions and rate limits.

mod challenges;
mod keys_beside_tokens;
mod permissions;
mod rate_limits;
