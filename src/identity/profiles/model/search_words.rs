//! The words by which people are searched, in the form in which they are compared.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words of one text at most.
const MAX_WORDS: usize = 8;

/// Letters whose base is no part of their decomposition (Unicode has none for them).
fn base(char: char) -> Option<&'static str> {
    Some(match char {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

/// The words of a text: lower case, without marks, cut at whatever is neither a letter nor a digit. A query and a name are cut
/// alike.
#[must_use]
pub fn search_words(text: &str) -> BTreeSet<String> {
    let mut folded = String::new();
    for char in text.nfkd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase) {
        match base(char) {
            Some(base) => folded.push_str(base),
            None if char.is_alphanumeric() => folded.push(char),
            // Lowering may have added a mark.
            None if is_combining_mark(char) => {}
            None => folded.push(' '),
        }
    }
    folded.split_whitespace().take(MAX_WORDS).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        search_words(text).into_iter().collect()
    }

    #[test]
    fn words_are_found_whatever_their_marks_and_case() {
        assert_eq!(words("  Zo\u{eb} of-M\u{d6}SS_2 "), ["2", "moss", "of", "zoe"]);
        assert_eq!(words("\u{141}ukasz \u{df} \u{130}zmir \u{218}tefan"), ["izmir", "lukasz", "ss", "stefan"]);
        assert_eq!(words("\u{5c0f}\u{6797} \u{3084}\u{307e}"), ["\u{3084}\u{307e}", "\u{5c0f}\u{6797}"]);
        assert_eq!(words("\u{1f40c} \u{2014} !"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_word_is_its_own_word(text in "\\PC{0,40}") {
            for word in search_words(&text) {
                prop_assert_eq!(words(&word), [word.clone()]);
            }
        }
    }
}
