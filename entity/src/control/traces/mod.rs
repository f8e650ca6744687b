//! Tables of traces and everything that belongs to them.

pub mod game_rules;
