//! A challenge as an iCalendar file (RFC 5545).

use super::model::{ChallengeState, ChallengeWithCards};
use crate::platform::clock;

/// The longest line, in bytes without its end.
const LINE_BYTES: usize = 75;

/// A value of the type TEXT.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | ';' | ',' => escaped.extend(['\\', char]),
            '\n' => escaped.push_str("\\n"),
            // Nothing else can be written in a line.
            _ if char.is_control() => {}
            _ => escaped.push(char),
        }
    }
    escaped
}

/// Adds a line, folded where it is long.
fn add(file: &mut String, name: &str, value: &str) {
    let mut bytes = 0;
    for char in name.chars().chain([':']).chain(value.chars()) {
        if bytes + char.len_utf8() > LINE_BYTES {
            file.push_str("\r\n ");
            bytes = 1;
        }
        file.push(char);
        bytes += char.len_utf8();
    }
    file.push_str("\r\n");
}

/// A moment in UTC: `20261205T160000Z`.
fn utc(ms: i64) -> String {
    let text = clock::format(ms.div_euclid(1000).saturating_mul(1000));
    text.chars().filter(|char| !matches!(char, '-' | ':')).collect()
}

/// The file. The place is the address where the viewer may read it, else the area.
#[must_use]
pub fn write(shown: &ChallengeWithCards, link: &str) -> String {
    let challenge = &shown.challenge;
    let game = shown.title.as_ref().map_or("", |title| title.name.as_str());
    let status = match challenge.state {
        ChallengeState::Accepted | ChallengeState::Completed => "CONFIRMED",
        ChallengeState::Pending => "TENTATIVE",
        ChallengeState::Declined | ChallengeState::Cancelled | ChallengeState::Expired => "CANCELLED",
    };
    let ends_at_ms = challenge.starts_at_ms.saturating_add(i64::from(challenge.minutes).saturating_mul(60_000));
    let place = match (&shown.address, &challenge.area) {
        (Some(address), Some(area)) => Some(format!("{} ({area})", address.expose())),
        (None, Some(area)) => Some(area.clone()),
        _ => None,
    };
    let mut file = String::new();
    for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//Cairn//Challenges//EN")] {
        add(&mut file, name, value);
    }
    add(&mut file, "BEGIN", "VEVENT");
    add(&mut file, "UID", &format!("challenge-{}@cairn", challenge.id.0));
    add(&mut file, "SEQUENCE", &challenge.revision.to_string());
    add(&mut file, "DTSTAMP", &utc(challenge.changed_at_ms));
    add(&mut file, "DTSTART", &utc(challenge.starts_at_ms));
    add(&mut file, "DTEND", &utc(ends_at_ms));
    add(&mut file, "SUMMARY", &escaped(game));
    add(&mut file, "STATUS", status);
    if let Some(place) = place {
        add(&mut file, "LOCATION", &escaped(&place));
    }
    if !challenge.text.is_empty() {
        add(&mut file, "DESCRIPTION", &escaped(&challenge.text));
    }
    add(&mut file, "URL", link);
    add(&mut file, "END", "VEVENT");
    add(&mut file, "END", "VCALENDAR");
    file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unfolded(file: &str) -> String {
        file.replace("\r\n ", "")
    }

    /// What a reader makes of a value (RFC 5545, 3.3.11).
    fn unescaped(value: &str) -> String {
        let (mut text, mut chars) = (String::new(), value.chars());
        while let Some(char) = chars.next() {
            match (char, char == '\\') {
                (_, true) => match chars.next().unwrap() {
                    'n' | 'N' => text.push('\n'),
                    other => text.push(other),
                },
                (char, false) => text.push(char),
            }
        }
        text
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_and_no_line_is_too_long(text in "[ -~\n\u{e0}-\u{24f}\u{1f300}-\u{1f5ff}]{0,300}") {
            let mut file = String::new();
            add(&mut file, "DESCRIPTION", &escaped(&text));
            prop_assert!(file.split("\r\n").all(|line| line.len() <= LINE_BYTES), "{file}");
            prop_assert_eq!(file.matches('\n').count(), file.matches("\r\n").count());
            let line = unfolded(&file);
            let value = line.strip_prefix("DESCRIPTION:").unwrap().strip_suffix("\r\n").unwrap();
            prop_assert_eq!(unescaped(value), text);
        }
    }

    #[test]
    fn a_moment_is_written_in_utc_without_parts_of_a_second() {
        assert_eq!(utc(clock::parse("2026-12-05T18:00:00.250+02:00").unwrap()), "20261205T160000Z");
    }
}
