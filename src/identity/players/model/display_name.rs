//! Display names of players.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// Characters of a display name.
const CHARS: RangeInclusive<usize> = 1..=32;

/// What other people call a player: 1 to 32 characters in Unicode's composed form (NFC), none of which controls the text
/// around it. Names are not unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// Whether a character changes the direction or the lines of the text around it (Unicode's `Bidi_Control`, and its separators
/// of lines and paragraphs).
fn is_layout(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl DisplayName {
    /// The name of this text, without the white space around it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name: String = text.trim().nfc().collect();
        let (chars, min, max) = (name.chars().count(), CHARS.start(), CHARS.end());
        if !CHARS.contains(&chars) {
            return Err(format!("has {chars} characters without the white space around it; {min} to {max}"));
        }
        if name.chars().any(|char| char.is_control() || is_layout(char)) {
            return Err("has a character that controls the text around it".to_owned());
        }
        Ok(Self(name))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(DisplayName::parse("  Zoe\u{308} of\u{a0}Moss\t").unwrap().as_str(), "Zo\u{eb} of\u{a0}Moss");
    }

    #[test]
    fn length_is_counted_in_characters_of_the_composed_form() {
        for good in ["x", &"e\u{301}".repeat(32), &"\u{1f40c}".repeat(32)] {
            assert!(DisplayName::parse(good).is_ok(), "{good}");
        }
        for bad in [" ", &"x".repeat(33)] {
            assert!(DisplayName::parse(bad).unwrap_err().contains("characters"), "{bad}");
        }
    }

    #[test]
    fn nothing_in_a_name_controls_the_text_around_it() {
        for char in ['\0', '\n', '\u{7f}', '\u{85}', '\u{61c}', '\u{200f}', '\u{2028}', '\u{202e}', '\u{2066}'] {
            assert!(DisplayName::parse(&format!("a{char}b")).unwrap_err().contains("controls"), "{char:?}");
        }
        // Joins emoji into one.
        assert!(DisplayName::parse("\u{1f469}\u{200d}\u{1f680}").is_ok());
    }

    proptest! {
        #[test]
        fn a_name_that_was_read_is_read_again_as_it_is(text in "\\PC{0,40}") {
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
