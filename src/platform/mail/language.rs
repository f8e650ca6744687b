//! The languages in which emails are written.

use serde::{Deserialize, Serialize};

/// Bytes of a language tag, at most (RFC 5646, 4.4.1, recommends to allow for 35).
const MAX_BYTES: usize = 35;

/// The language of an email.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, for all tags of other languages too.
    #[default]
    English,
    /// Romanian.
    Romanian,
}

impl Language {
    /// That of a language tag, of which the first part counts: `ro-RO` is Romanian.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        match tag.split('-').next() {
            Some(first) if first.eq_ignore_ascii_case("ro") => Self::Romanian,
            _ => Self::English,
        }
    }

    /// Parses a language tag.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(tag: &str) -> Result<Self, String> {
        let is_tag = (1..=MAX_BYTES).contains(&tag.len())
            && tag.split('-').all(|part| !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric()));
        if is_tag { Ok(Self::of(tag)) } else { Err("is no language tag, such as en or ro-RO".to_owned()) }
    }

    /// The text of the two that is in this language.
    #[must_use]
    pub fn pick<T>(self, english: T, romanian: T) -> T {
        match self {
            Self::English => english,
            Self::Romanian => romanian,
        }
    }

    /// A number of things, where Romanian says `un minut`, `5 minute`, `20 de minute`.
    #[must_use]
    pub fn count(self, number: u64, [one, many]: [&str; 2], [un, few]: [&str; 2]) -> String {
        match (self, number) {
            (Self::English, 1) => format!("1 {one}"),
            (Self::English, _) => format!("{number} {many}"),
            (Self::Romanian, 1) => un.to_owned(),
            (Self::Romanian, _) if number == 0 || (1..20).contains(&(number % 100)) => format!("{number} {few}"),
            (Self::Romanian, _) => format!("{number} de {few}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_tag_says_the_language() {
        for (tag, language) in [("ro", Language::Romanian), ("ro-RO", Language::Romanian), ("RO", Language::Romanian)] {
            assert_eq!(Language::parse(tag), Ok(language));
        }
        for tag in ["en", "en-GB", "rom", "de", "zh-Hans-CN"] {
            assert_eq!(Language::parse(tag), Ok(Language::English), "{tag}");
        }
        for wrong in ["", "-", "ro-", "ro_RO", "română", &"a".repeat(36)] {
            assert!(Language::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn romanian_counts_with_de_from_twenty_on() {
        let minutes = |number| Language::Romanian.count(number, ["minute", "minutes"], ["un minut", "minute"]);
        let counted = [1, 2, 19, 20, 60, 100, 101, 119, 120].map(minutes);
        let expected = [
            "un minut",
            "2 minute",
            "19 minute",
            "20 de minute",
            "60 de minute",
            "100 de minute",
            "101 minute",
            "119 minute",
            "120 de minute",
        ];
        assert_eq!(counted, expected);
        assert_eq!(Language::English.count(1, ["minute", "minutes"], ["un minut", "minute"]), "1 minute");
    }
}
