//! Time zones of the IANA database. The program brings the database along, so that all instances know the same zones.

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// The longest name of a zone, in bytes; the longest that there is has 32.
const MAX_BYTES: usize = 64;

/// A time zone, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(String);

impl Zone {
    /// The zone of a name such as `Europe/Bucharest`, in any case.
    ///
    /// # Errors
    /// There is none, in words.
    pub fn parse(name: &str) -> Result<Self, String> {
        let known = (name.len() <= MAX_BYTES).then(|| TimeZone::get(name).ok()).flatten();
        let name = known.as_ref().and_then(TimeZone::iana_name).map(str::to_owned);
        name.map(Self).ok_or_else(|| "must be the name of a time zone, such as Europe/Bucharest".to_owned())
    }

    /// A zone whose name was checked before.
    #[must_use]
    pub fn stored(name: String) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// A time there, in milliseconds since the Unix epoch, as RFC 3339 writes it with the offset of that moment.
    #[must_use]
    pub fn local(&self, ms: i64) -> String {
        self.zoned(ms).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// The same for people: day and minute.
    #[must_use]
    pub fn in_words(&self, ms: i64) -> String {
        self.zoned(ms).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// A zone that a later release knows is UTC here.
    fn zoned(&self, ms: i64) -> Zoned {
        let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        time.to_zoned(TimeZone::get(&self.0).unwrap_or(TimeZone::UTC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock;

    #[test]
    fn a_time_is_written_with_the_offset_of_its_moment() {
        let bucharest = Zone::parse("europe/bucharest").unwrap();
        assert_eq!(bucharest.name(), "Europe/Bucharest");
        // The clocks go back on 25 October 2026 at 4 in the morning.
        for (utc, local) in [
            ("2026-10-25T00:59:59Z", "2026-10-25T03:59:59+03:00"),
            ("2026-10-25T01:00:00Z", "2026-10-25T03:00:00+02:00"),
            ("2026-12-05T16:00:00Z", "2026-12-05T18:00:00+02:00"),
        ] {
            let ms = clock::parse(utc).unwrap();
            assert_eq!(bucharest.local(ms), local);
            assert_eq!(clock::parse(local), Some(ms));
            assert_eq!(bucharest.in_words(ms), local[..16].replace('T', " "));
        }
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for name in ["", "Europe/Atlantis", "+02:00", "../etc/passwd", &"x".repeat(100)] {
            assert!(Zone::parse(name).is_err(), "{name}");
        }
        assert!(Zone::parse("UTC").is_ok() && Zone::parse("America/Argentina/ComodRivadavia").is_ok());
    }
}
