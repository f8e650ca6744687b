//! Tables of mechanisms.

pub mod job;
