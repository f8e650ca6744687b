//! Tables of traces and all that hangs on them.

pub mod game_rules;
