//! SQL about single traces inside a world's transaction: counters, removal, and what authors are told.

mod counters;
mod inbox;
mod removal;
mod trace_row;

pub use self::counters::TraceCounters;
