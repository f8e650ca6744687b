//! Dates and times as programs write them into cells.

use crate::{journal::library::model::PartialDate, platform::clock};

/// The year that a text names: its first group of four digits.
pub fn year(text: &str) -> Option<i32> {
    let groups = text.split(|letter: char| !letter.is_ascii_digit());
    groups
        .filter(|group| group.len() == 4)
        .find_map(|group| group.parse().ok())
        .filter(|year| (1950..=2199).contains(year))
}

/// A date in one of the forms `2025-02-19`, `19.02.2025`, and `2/19/2025` where the time after it says AM or PM. With slashes and
/// without that, the day and the month are known where one of the numbers is no month; otherwise only the year is.
pub fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    if let Some(date) = PartialDate::read(text) {
        return Some(date);
    }
    let first = text.split([' ', 'T']).next()?;
    let separator = if first.contains('.') { '.' } else { '/' };
    let parts: Option<Vec<u16>> = first.split(separator).map(|part| part.parse().ok()).collect();
    let [one, two, year] = parts?[..] else { return None };
    let (one, two) = (u8::try_from(one).ok()?, u8::try_from(two).ok()?);
    let is_american = text.ends_with("AM") || text.ends_with("PM");
    let (day, month) = match separator {
        '.' => (one, two),
        _ if is_american || two > 12 => (two, one),
        _ if one > 12 => (one, two),
        _ => return PartialDate::of(year, None, None),
    };
    PartialDate::of(year, Some(month), Some(day))
}

/// A moment (Unix time in ms): RFC 3339, or the day of a [`date`].
pub fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    // SQL and spreadsheets write a space between the day and the time, and no offset.
    let spaced = || clock::parse(&format!("{}Z", text.replacen(' ', "T", 1)));
    clock::parse(text).or_else(spaced).or_else(|| clock::parse(&date(text)?.midnight()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_spreadsheets_are_read_as_far_as_they_are_clear() {
        for (text, expected) in [
            ("2025-02-19", Some("2025-02-19")),
            ("19.02.2025", Some("2025-02-19")),
            ("2/19/2025 9:00:01 PM", Some("2025-02-19")),
            ("1/3/2025 10:00:00 AM", Some("2025-01-03")),
            ("19/2/2025", Some("2025-02-19")),
            ("2/19/2025", Some("2025-02-19")),
            ("2/3/2025", Some("2025")),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(date(text).as_ref().map(PartialDate::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_year_is_found_in_any_form_of_date() {
        for (text, expected) in [
            ("2010-Q3", Some(2010)),
            ("03.09.2010", Some(2010)),
            ("9/3/2010", Some(2010)),
            ("1999", Some(1999)),
            ("0001-01-01", None),
            ("", None),
        ] {
            assert_eq!(year(text), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_a_day() {
        let expected = clock::parse("2025-01-03T15:54:48Z");
        assert_eq!(moment("2025-01-03 15:54:48"), expected);
        assert_eq!(moment("2025-01-03T17:54:48+02:00"), expected);
        assert_eq!(moment("2025-01-03"), clock::parse("2025-01-03T00:00:00Z"));
        assert_eq!(moment("2025-01"), None);
    }
}
