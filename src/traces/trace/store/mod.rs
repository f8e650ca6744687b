//! The SQL of single traces: rows read as [`Trace`](super::Trace); and inside a world's transaction counters, removal and the
//! notification of authors.

mod counters;
mod inbox;
mod removal;
mod scored;
mod trace_row;

pub use self::counters::TraceCounters;
pub(in crate::traces) use self::scored::is_scored;
