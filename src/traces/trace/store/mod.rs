//! The SQL of single traces: rows read as [`Trace`](super::Trace); and inside a world's transaction counters, removal and the
//! notification of authors.

mod claimed;
mod counters;
mod inbox;
mod own_counts;
mod removal;
mod scored;
mod trace_row;

pub(in crate::traces) use self::scored::is_scored;
pub use self::{
    claimed::{FoundTraces, end_of_range, is_claimed, is_own},
    counters::TraceCounters,
    own_counts::{ADD_OWN_COUNTS, OwnCount, OwnCountChanges, change_own_counts},
};
