//! SQL about single traces inside a world's transaction: counters, removal, and what authors are told.

mod counters;
mod inbox;
mod removal;
mod scored;
mod trace_row;

pub use self::counters::TraceCounters;
pub(in crate::traces) use self::scored::is_scored;
