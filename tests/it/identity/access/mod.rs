//! What a caller may do, and how often.

mod permissions;
mod rate_limits;
