//! The time by which all calls to the database of one piece of work must end.
//!
//! Each call has a time-out of its own; a write makes several calls and waits in a queue, and together they must not take
//! longer than one.

use std::time::Duration;

use tokio::time::Instant;

tokio::task_local! {
    static UNTIL: Instant;
}

/// Runs `work`, whose calls to the database fail as soon as it is `until`.
pub async fn with_deadline<T>(until: Instant, work: impl Future<Output = T>) -> T {
    UNTIL.scope(until, work).await
}

/// When a call that begins now must end, which may take that long.
pub(super) fn end_of_call(limit: Duration) -> Instant {
    let end = Instant::now() + limit;
    UNTIL.try_with(|until| end.min(*until)).unwrap_or(end)
}
