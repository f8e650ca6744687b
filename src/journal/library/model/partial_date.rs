//! A date of which perhaps only the month or the year is known: `2012`, `2012-03`, `2012-03-09`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The years that a date may have.
const YEARS: std::ops::RangeInclusive<u16> = 1950..=2199;

/// A date with its precision. Ordered as its text: a year comes before its months.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartialDate(String);

fn is_leap(year: u16) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

impl PartialDate {
    /// The date of these parts; nothing where there is no such day.
    #[must_use]
    pub fn of(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        YEARS.contains(&year).then_some(())?;
        let Some(month) = month else { return day.is_none().then(|| Self(format!("{year:04}"))) };
        (1..=12).contains(&month).then_some(())?;
        let Some(day) = day else { return Some(Self(format!("{year:04}-{month:02}"))) };
        (1..=days(year, month)).contains(&day).then(|| Self(format!("{year:04}-{month:02}-{day:02}")))
    }

    /// Reads `2012`, `2012-03` or `2012-03-09`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text)
            .filter(|date| date.0 == text)
            .ok_or_else(|| "must be a date such as 2012, 2012-03 or 2012-03-09".to_owned())
    }

    /// Reads a date as other programs write it: `2012-00-00` and `2012-03-00` are a year and a month, and a time of day after the
    /// date is left out.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let date = text.trim().split(['T', ' ']).next()?;
        let mut parts = date.split('-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let mut part = || match parts.next() {
            None | Some("00" | "0") => Some(None),
            Some(part) if (1..=2).contains(&part.len()) => part.parse::<u8>().ok().map(Some),
            Some(_) => None,
        };
        let (month, day) = (part()?, part()?);
        if parts.next().is_some() { None } else { Self::of(year, month, day) }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date of that text, as it was stored.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// Its year.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        self.0.get(..4)?.parse().ok()
    }

    /// Whether it is certain that it lies before another: within the precision of both.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        let length = self.0.len().min(other.0.len());
        self.0.get(..length) < other.0.get(..length)
    }

    /// The whole day as RFC 3339, in UTC; nothing where the day is not known.
    #[must_use]
    pub fn midnight(&self) -> Option<String> {
        (self.0.len() == 10).then(|| format!("{}T00:00:00Z", self.0))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_has_the_precision_that_is_given() {
        for text in ["2012", "2012-03", "2012-03-09", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).unwrap().as_str(), text);
        }
        for text in
            ["", "12", "2012-13", "2012-3", "2023-02-29", "2012-03-32", "1949", "2200", "2012-00-00", "2012-03-09T1"]
        {
            assert!(PartialDate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_programs_write_zeros_and_times() {
        for (text, date) in [
            ("2012-00-00", Some("2012")),
            ("2025-02-00", Some("2025-02")),
            ("2025-02-19 21:00:01", Some("2025-02-19")),
            ("2025-02-19T21:00:01.1+02:00", Some("2025-02-19")),
            ("2025-2-9", Some("2025-02-09")),
            ("0000-00-00", None),
            ("--", None),
            ("2010-Q3", None),
            ("2012-00-05", None),
        ] {
            assert_eq!(PartialDate::read(text).as_ref().map(PartialDate::as_str), date, "{text}");
        }
    }

    #[test]
    fn dates_are_compared_within_the_precision_of_both() {
        let date = |text| PartialDate::parse(text).unwrap();
        assert!(date("2012").is_before(&date("2013-01-01")) && date("2012-03-08").is_before(&date("2012-03-09")));
        assert!(!date("2012-05").is_before(&date("2012")) && !date("2012").is_before(&date("2012-05")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9T :-]{0,12}") {
            if let Some(date) = PartialDate::read(&text) {
                prop_assert_eq!(PartialDate::parse(date.as_str()), Ok(date));
            }
        }
    }
}
