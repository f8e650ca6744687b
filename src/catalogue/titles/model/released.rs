//! When a title was first released, as far as it is known.

use std::fmt;

/// The years in which games may have been released.
pub const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;

/// A year, a month or a day: `2012`, `2012-03` or `2012-03-09`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Released {
    text: String,
    year: i32,
}

fn days_of(month: u32, year: i32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl Released {
    /// Parses a date. A month or day that is `00` is not known.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| {
            format!(
                "must be a year of {} to {}, or a month or day of one, as 2012, 2012-03 or 2012-03-09",
                YEARS.start(),
                YEARS.end()
            )
        })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = parts.next().and_then(|year| number(year, 4)).and_then(|year| i32::try_from(year).ok())?;
        let mut next = |most: u32| match parts.next() {
            None => Some(0),
            Some(part) => number(part, 2).filter(|part| *part <= most),
        };
        let month = next(12)?;
        let day = next(days_of(month, year))?;
        if parts.next().is_some() || !YEARS.contains(&year) || (month == 0 && day > 0) {
            return None;
        }
        let text = match (month, day) {
            (0, _) => format!("{year:04}"),
            (_, 0) => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        };
        Some(Self { text, year })
    }

    /// A date that was stored; `None` where there is none.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        Self::read(text)
    }

    /// The date without its hyphens, as some lists have it: `20120309`.
    #[must_use]
    pub fn of_digits(digits: &str) -> Option<Self> {
        let (year, rest) = digits.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        Self::read(&if day.is_empty() { format!("{year}-{month}") } else { format!("{year}-{month}-{day}") })
    }

    /// A year.
    #[must_use]
    pub fn of_year(year: i32) -> Option<Self> {
        Self::read(&format!("{year:04}"))
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> i32 {
        self.year
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Released {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        Released::parse(text).ok().map(|date| date.as_str().to_owned())
    }

    #[test]
    fn a_date_is_as_precise_as_it_is_known() {
        for (text, date) in [
            ("2012", "2012"),
            ("2012-03", "2012-03"),
            ("2012-03-09", "2012-03-09"),
            ("2012-00-00", "2012"),
            ("2012-03-00", "2012-03"),
            ("2000-02-29", "2000-02-29"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(date), "{text}");
        }
        assert_eq!(Released::of_digits("20120309"), Released::parse("2012-03-09").ok());
        assert_eq!(Released::of_digits("201203"), Released::parse("2012-03").ok());
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "1949",
            "2101",
            "12",
            "2012-13",
            "2012-3",
            "2011-02-29",
            "1900-02-29",
            "2012-00-09",
            "2012-03-09-1",
            "2012-q3",
            "+201",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
        for digits in ["", "20120", "2012030", "201203099", "2012xx"] {
            assert_eq!(Released::of_digits(digits), None, "{digits}");
        }
    }
}
