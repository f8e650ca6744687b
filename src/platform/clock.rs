//! The wall clock, conversions to milliseconds, and RFC 3339. Nothing else reads the system's time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The times that RFC 3339 can write in UTC, in milliseconds since the Unix epoch: 0000-01-01T00:00:00Z to
/// 9999-12-31T23:59:59.999Z.
const WRITABLE_MS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

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

/// Milliseconds since the Unix epoch as RFC 3339, in UTC. A time before the year 0 or beyond 9999 is written as the first or
/// last moment of these years.
#[must_use]
pub fn format(ms: i64) -> String {
    let ms = ms.clamp(*WRITABLE_MS.start(), *WRITABLE_MS.end());
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok();
    // Within these years there is nothing that can't be written.
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Milliseconds since the Unix epoch as HTTP writes dates (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
#[must_use]
pub fn http_date(ms: i64) -> String {
    let ms = ms.clamp(*WRITABLE_MS.start(), *WRITABLE_MS.end());
    let time =
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (day, month) = (time.weekday().to_string(), time.month().to_string());
    let short = |name: &str| name.get(..3).unwrap_or_default().to_owned();
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        short(&day),
        time.day(),
        short(&month),
        time.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Parses RFC 3339 into milliseconds since the Unix epoch; finer parts are cut off. `None` also for a time that lies outside
/// the years 0 to 9999 in UTC, as the last hours of 9999 do in an offset west of it.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let nanos = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
    i64::try_from(nanos.div_euclid(1_000_000)).ok().filter(|ms| WRITABLE_MS.contains(ms))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_of_http_has_one_form() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    #[test]
    fn times_at_the_edge_of_the_years_0_and_9999_are_read_or_refused() {
        for (text, ms) in [
            ("9999-12-31T23:59:59.999Z", Some(253_402_300_799_999)),
            ("9999-12-31T22:59:59.999-01:00", Some(253_402_300_799_999)),
            ("9999-12-31T23:00:00-01:00", None),
            ("9999-12-31T23:59:59-23:59", None),
            ("0000-01-01T00:00:00Z", Some(-62_167_219_200_000)),
            ("0000-01-01T00:59:59+01:00", None),
            ("0000-01-01T00:00:00+23:59", None),
            ("1969-12-31T23:59:59.9995Z", Some(-1)),
            ("10000-01-01T00:00:00Z", None),
            ("-0001-01-01T00:00:00Z", None),
        ] {
            assert_eq!(parse(text), ms, "{text}");
        }
    }

    #[test]
    fn a_time_that_can_not_be_written_is_written_as_the_nearest_that_can() {
        assert_eq!(format(i64::MIN), "0000-01-01T00:00:00Z");
        assert_eq!(format(-62_167_219_200_001), "0000-01-01T00:00:00Z");
        assert_eq!(format(253_402_300_800_000), "9999-12-31T23:59:59.999Z");
        assert_eq!(format(i64::MAX), "9999-12-31T23:59:59.999Z");
    }

    proptest! {
        #[test]
        fn a_time_that_was_read_is_written_as_the_same_time(
            year in 0..=9999, month in 1..=12, hour in 0..=23, offset in -23..=23,
        ) {
            let sign = if offset < 0 { '-' } else { '+' };
            let text = format!("{year:04}-{month:02}-28T{hour:02}:59:59{sign}{:02}:59", i32::abs(offset));
            if let Some(ms) = parse(&text) {
                prop_assert_eq!(parse(&super::format(ms)), Some(ms));
            }
        }
    }
}
