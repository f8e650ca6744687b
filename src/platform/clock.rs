//! The wall clock, conversions to milliseconds, and RFC 3339. Nothing else reads the system's time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Now, in milliseconds since the Unix epoch; 0 where the clock is set before it.
#[must_use]
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// A duration in milliseconds; the largest `i64` where it is longer.
#[must_use]
pub fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The time that long before now, in milliseconds since the Unix epoch.
#[must_use]
pub fn ms_ago(duration: Duration) -> i64 {
    now_ms().saturating_sub(ms(duration))
}

/// The time that long from now, in milliseconds since the Unix epoch.
#[must_use]
pub fn ms_from_now(duration: Duration) -> i64 {
    now_ms().saturating_add(ms(duration))
}

/// Milliseconds since the Unix epoch as RFC 3339, in UTC. A time beyond the year 9999 is written as the epoch.
#[must_use]
pub fn format(ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

/// Parses RFC 3339 into milliseconds since the Unix epoch; finer parts are cut off.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}
