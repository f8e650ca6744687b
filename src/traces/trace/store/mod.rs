//! The SQL of single traces: rows read as [`Trace`](super::Trace); and inside a world's transaction counters, removal and the
//! notification of authors.

mod counters;
mod inbox;
mod removal;
mod trace_row;

pub use self::counters::TraceCounters;
