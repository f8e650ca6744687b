//! Permissions and rate limits.

mod challenges;
mod permissions;
mod rate_limits;
