//! Permissions and rate limits.

mod permissions;
mod rate_limits;
