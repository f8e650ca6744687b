//! Time played, in minutes, and the texts that people write for it: `1 h 34`, `94 min`, `1:34`, `add 1.5 h`.

/// The most minutes of one entry: about as many as a century has.
pub const MAX_MINUTES: i32 = 50_000_000;

/// Thousandths of a minute in a minute.
const MILLI: i64 = 1000;

/// What becomes of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChange {
    /// It is set.
    Set(i32),
    /// It grows.
    Add(i32),
    /// It shrinks.
    Subtract(i32),
}

/// A word that a change may begin with, and the change.
type Verb = (&'static str, fn(i32) -> TimeChange);

/// The words that a change may begin with.
const VERBS: [Verb; 9] = [
    ("add ", TimeChange::Add),
    ("plus ", TimeChange::Add),
    ("+", TimeChange::Add),
    ("subtract ", TimeChange::Subtract),
    ("minus ", TimeChange::Subtract),
    ("-", TimeChange::Subtract),
    ("\u{2212}", TimeChange::Subtract),
    ("set ", TimeChange::Set),
    ("=", TimeChange::Set),
];

/// What a time is written as, for messages.
pub const FORM: &str = "must be a time such as 94, 94 min, 1 h 34, 1:34 or 1.5 h, with add or subtract before it where it changes \
                        what is there";

impl TimeChange {
    /// Reads a change: a time, with a verb before it unless it is to be set.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        for (verb, make) in VERBS {
            if let Some(rest) = text.strip_prefix(verb) {
                return duration(rest).map(make);
            }
        }
        duration(&text).map(Self::Set)
    }

    /// The time after the change.
    ///
    /// # Errors
    /// It would be negative, or more than [`MAX_MINUTES`].
    pub fn apply(self, before: i32) -> Result<i32, String> {
        let after = match self {
            Self::Set(minutes) => minutes,
            Self::Add(minutes) => before.saturating_add(minutes),
            Self::Subtract(minutes) => before.saturating_sub(minutes),
        };
        if after < 0 {
            return Err(format!("takes away more than the {before} minutes that are there"));
        }
        if after > MAX_MINUTES { Err(format!("gives {after} minutes; at most {MAX_MINUTES}")) } else { Ok(after) }
    }
}

/// Reads a time without a verb.
///
/// # Errors
/// What is wrong, in words.
pub fn duration(text: &str) -> Result<i32, String> {
    let text = text.trim().to_lowercase();
    let millis = if text.contains(':') { clock(&text) } else { units(&text) }.ok_or_else(|| FORM.to_owned())?;
    bounded(millis)
}

/// The minutes of so many seconds, rounded.
///
/// # Errors
/// More than [`MAX_MINUTES`], or negative.
pub fn of_seconds(seconds: i64) -> Result<i32, String> {
    bounded(seconds.saturating_mul(MILLI) / 60)
}

/// The minutes of so many hours, which may have a fraction (`84.0`).
///
/// # Errors
/// It is no number, more than [`MAX_MINUTES`], or negative.
pub fn of_hours(hours: &str) -> Result<i32, String> {
    let (millis, rest) = number(hours.trim()).ok_or_else(|| "is no number of hours".to_owned())?;
    if rest.is_empty() { bounded(millis.saturating_mul(60)) } else { Err("is no number of hours".to_owned()) }
}

/// The minutes of `h:mm:ss` or `mm:ss`, as `HowLongToBeat` writes them.
#[must_use]
pub fn of_stopwatch(text: &str) -> Option<i32> {
    let parts: Option<Vec<i64>> = text.trim().split(':').map(|part| part.parse().ok()).collect();
    let seconds = match parts?[..] {
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => hours.checked_mul(3600)? + minutes * 60 + seconds,
        [minutes, seconds] if seconds < 60 => minutes.checked_mul(60)? + seconds,
        _ => return None,
    };
    of_seconds(seconds).ok()
}

fn bounded(millis: i64) -> Result<i32, String> {
    let minutes = millis.saturating_add(MILLI / 2).div_euclid(MILLI);
    match i32::try_from(minutes) {
        Ok(minutes) if (0..=MAX_MINUTES).contains(&minutes) => Ok(minutes),
        _ => Err(format!("is {minutes} minutes; 0 to {MAX_MINUTES}")),
    }
}

/// `h:mm` or `h:mm:ss`.
fn clock(text: &str) -> Option<i64> {
    let parts: Option<Vec<i64>> = text.split(':').map(|part| part.trim().parse().ok()).collect();
    let (hours, minutes, seconds) = match parts?[..] {
        [hours, minutes] => (hours, minutes, 0),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let is_fine = hours >= 0 && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    is_fine.then_some(())?;
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(MILLI)?.checked_add(seconds * MILLI / 60)
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Hours,
    Minutes,
    Seconds,
}

fn unit(word: &str, after: Option<Unit>) -> Option<Unit> {
    match word {
        "" if after.is_none() || after == Some(Unit::Hours) => Some(Unit::Minutes),
        "h" | "hr" | "hrs" | "hour" | "hours" | "ora" | "ore" | "oră" | "std" => Some(Unit::Hours),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(Unit::Minutes),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(Unit::Seconds),
        _ => None,
    }
}

/// Numbers with their units, from the largest down: `1 h 34`, `3h 05min`, `2 hours and 5 minutes`.
fn units(text: &str) -> Option<i64> {
    let (mut rest, mut last, mut total) = (text.trim(), None, 0_i64);
    loop {
        let (value, after) = number(rest)?;
        let after = after.trim_start();
        let end = after.find(|letter: char| !letter.is_alphabetic()).unwrap_or(after.len());
        let (word, after) = after.split_at_checked(end)?;
        let unit = unit(word, last)?;
        if last.is_some_and(|last| last >= unit) {
            return None;
        }
        last = Some(unit);
        let millis = match unit {
            Unit::Hours => value.checked_mul(60)?,
            Unit::Minutes => value,
            Unit::Seconds => value / 60,
        };
        total = total.checked_add(millis)?;
        rest = after.trim_start_matches(['.', ',']).trim_start();
        rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
        if rest.is_empty() {
            return Some(total);
        }
    }
}

/// The number at the start of a text in thousandths, and what follows it. A comma may stand for the point.
fn number(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(text.len());
    let (whole, rest) = text.split_at_checked(end)?;
    let mut millis = whole.parse::<i64>().ok()?.checked_mul(MILLI)?;
    let fraction = rest.strip_prefix(['.', ',']).filter(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()));
    let Some(fraction) = fraction else { return Some((millis, rest)) };
    let end = fraction.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(fraction.len());
    let (digits, rest) = fraction.split_at_checked(end)?;
    let mut place = MILLI;
    for digit in digits.bytes().take(3) {
        place /= 10;
        millis = millis.checked_add(i64::from(digit - b'0') * place)?;
    }
    Some((millis, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_write_a_time_in_many_ways() {
        for (text, minutes) in [
            ("94", 94),
            ("94 min", 94),
            ("94m", 94),
            ("1 h 34", 94),
            ("1h34", 94),
            ("1h 34min", 94),
            ("1:34", 94),
            ("1:34:29", 94),
            ("1:34:30", 95),
            ("3h 05min", 185),
            ("1.5 h", 90),
            ("1,5 h", 90),
            ("2 hours and 5 minutes", 125),
            ("2 Hours, 5 Minutes", 125),
            ("90 s", 2),
            ("0", 0),
            ("1 h", 60),
        ] {
            assert_eq!(duration(text), Ok(minutes), "{text}");
        }
        for text in ["", "h", "1 x", "34 1 h", "1 h 2 h", "1:60", "1:2:3:4", "-5", "1 h 34 20", "99999999999", "1..5 h"]
        {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_verb_says_whether_a_time_is_set_or_changed() {
        for (text, change) in [
            ("add 94 min", TimeChange::Add(94)),
            ("Add 1 h 34", TimeChange::Add(94)),
            ("+1:34", TimeChange::Add(94)),
            ("subtract 20 min", TimeChange::Subtract(20)),
            ("- 20", TimeChange::Subtract(20)),
            ("12 h", TimeChange::Set(720)),
            ("set 12 h", TimeChange::Set(720)),
        ] {
            assert_eq!(TimeChange::parse(text), Ok(change), "{text}");
        }
        assert!(TimeChange::parse("multiply 2").is_err());
    }

    #[test]
    fn a_time_stays_within_its_bounds() {
        assert_eq!(TimeChange::Add(5).apply(10), Ok(15));
        assert_eq!(TimeChange::Subtract(10).apply(10), Ok(0));
        assert!(TimeChange::Subtract(11).apply(10).is_err());
        assert!(TimeChange::Add(1).apply(MAX_MINUTES).is_err());
    }

    #[test]
    fn a_stopwatch_counts_minutes_and_seconds_first() {
        assert_eq!(of_stopwatch("11:30:00"), Some(690));
        assert_eq!(of_stopwatch("46:30"), Some(47));
        assert_eq!(of_stopwatch("--"), None);
    }

    #[test]
    fn hours_and_seconds_become_minutes() {
        assert_eq!(of_hours("84.0"), Ok(5040));
        assert_eq!(of_seconds(41_400), Ok(690));
        assert!(of_hours("x").is_err() && of_hours("1 h").is_err() && of_seconds(-60).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ -~]{0,24}") {
            if let Ok(minutes) = duration(&text) {
                prop_assert!((0..=MAX_MINUTES).contains(&minutes));
            }
        }

        #[test]
        fn hours_and_minutes_are_read_however_they_are_parted(hours in 0_i32..10_000, minutes in 0_i32..60) {
            for text in [format!("{hours} h {minutes}"), format!("{hours}h{minutes:02}m"), format!("{hours}:{minutes:02}")] {
                prop_assert_eq!(duration(&text), Ok(hours * 60 + minutes), "{}", text);
            }
        }

        #[test]
        fn what_is_added_can_be_taken_away_again(before in 0_i32..1_000_000, more in 0_i32..1_000_000) {
            let after = TimeChange::Add(more).apply(before).unwrap();
            prop_assert_eq!(TimeChange::Subtract(more).apply(after), Ok(before));
        }
    }
}
