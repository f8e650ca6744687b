//! SQL about single traces inside a world's transaction: counters, removal, and what authors are told.

mod counters;
mod inbox;
mod removal;

pub use self::counters::TraceCounters;
