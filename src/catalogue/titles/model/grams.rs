//! What the indexes of names hold: the words of a name in ASCII, from which both databases make the same trigrams; and what a short
//! name looks like with one letter missing, since a slip leaves a short name few trigrams.
//!
//! A letter outside ASCII is written as three letters or digits: whether PostgreSQL takes it for a letter depends on the language
//! of its database. Scripts that don't separate words (Chinese, Japanese) have each letter as a word of its own. Two letters may
//! have the same three: what is found is compared with the folded name afterwards.

/// The letters of names that are kept with one letter missing. For longer names trigrams find what has one slip.
pub const SLIP_LETTERS: std::ops::RangeInclusive<usize> = 2..=8;

/// The letters of a question that is compared with such names: it may have one letter too many.
pub const ASKED_LETTERS: std::ops::RangeInclusive<usize> = 2..=9;

/// The letters and digits with which a letter is written.
const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A word of a text to search, in ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    text: String,
    /// Whether it is one letter of a script that doesn't separate words.
    is_lone: bool,
}

impl Word {
    /// Whether it is one letter of a script that doesn't separate words.
    #[must_use]
    pub fn is_lone(&self) -> bool {
        self.is_lone
    }

    /// What a name that has this word has in its [`search_text`]: a short word at the beginning of one.
    #[must_use]
    pub fn pattern(&self) -> String {
        match self.text.len() {
            _ if self.is_lone => format!(" {} ", self.text),
            0..=2 => format!(" {}", self.text),
            _ => self.text.clone(),
        }
    }
}

impl Word {
    /// The trigrams of its [`pattern`](Word::pattern).
    #[must_use]
    pub fn inner_trigrams(&self) -> Vec<[u8; 3]> {
        let mut pattern = self.pattern();
        if pattern.len() < 3 {
            pattern.insert(0, ' ');
        }
        pattern.as_bytes().windows(3).filter_map(|three| <[u8; 3]>::try_from(three).ok()).collect()
    }
}

/// Whether each letter of a script is a word: of Han and kana; and signs.
fn is_word_by_itself(char: char) -> bool {
    let is_han_or_kana = matches!(
        char,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
    );
    is_han_or_kana || !(char.is_alphanumeric() || unicode_normalization::char::is_combining_mark(char))
}

fn push_in_ascii(char: char, text: &mut String) {
    if char.is_ascii_alphanumeric() {
        text.push(char);
        return;
    }
    // Neighbours in an alphabet shall have little in common.
    let mut number = u32::from(char).wrapping_mul(7919) % (36 * 36 * 36);
    for _ in 0..3 {
        let digit = usize::try_from(number % 36).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(b'a');
        text.push(char::from(digit));
        number /= 36;
    }
}

/// The words of a folded name.
#[must_use]
pub fn words(key: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for whole in key.split(' ') {
        let mut text = String::new();
        let mut finish = |text: &mut String, is_lone| {
            if !text.is_empty() {
                words.push(Word { text: std::mem::take(text), is_lone });
            }
        };
        for char in whole.chars() {
            if is_word_by_itself(char) {
                finish(&mut text, false);
                push_in_ascii(char, &mut text);
                finish(&mut text, true);
            } else {
                push_in_ascii(char, &mut text);
            }
        }
        finish(&mut text, false);
    }
    words
}

/// The words of a folded name, each with two spaces before it and one or two after it: so SQLite makes all trigrams of it that
/// PostgreSQL makes of its words.
#[must_use]
pub fn search_text(words: &[Word]) -> String {
    words.iter().fold(String::new(), |text, word| text + "  " + &word.text) + "  "
}

/// The trigrams of words, as PostgreSQL makes them: each once, in order.
#[must_use]
pub fn trigrams(words: &[Word]) -> Vec<[u8; 3]> {
    let mut all = Vec::new();
    for word in words {
        let padded = format!("  {} ", word.text);
        all.extend(padded.as_bytes().windows(3).filter_map(|three| <[u8; 3]>::try_from(three).ok()));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// How alike two sets of trigrams are, 0 to 1: how many they share of all that they have. That of `pg_trgm`.
#[must_use]
pub fn similarity(one: &[[u8; 3]], other: &[[u8; 3]]) -> f64 {
    let shared = one.iter().filter(|three| other.binary_search(three).is_ok()).count();
    let all = one.len() + other.len() - shared;
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    if all == 0 { 0.0 } else { number(shared) / number(all) }
}

/// FNV-1a (draft-eastlake-fnv), of 64 bits: stored, so it must stay as it is.
fn hash(letters: impl Iterator<Item = char>) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in letters.flat_map(|char| u32::from(char).to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash.cast_signed()
}

/// Hashes of a folded name as it is and with each letter missing; nothing where it has another number of letters than `lengths`.
/// Two names that differ by one letter, or by two neighbours that have changed places, share one.
#[must_use]
pub fn slips(key: &str, lengths: &std::ops::RangeInclusive<usize>) -> Vec<i64> {
    let letters: Vec<char> = key.chars().collect();
    if !lengths.contains(&letters.len()) {
        return Vec::new();
    }
    let without = |gap: usize| hash(letters.iter().enumerate().filter(|(at, _)| *at != gap).map(|(_, char)| *char));
    let mut hashes: Vec<i64> = (0..=letters.len()).map(without).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::titles::model::fold;

    fn text(name: &str) -> String {
        search_text(&words(&fold(name)))
    }

    #[test]
    fn words_are_ascii_whatever_their_script() {
        assert_eq!(text("Doom II"), "  doom  ii  ");
        for name in ["Тетрис", "神宮館", "ドラゴンクエスト", "ไทย", "***", "☃"] {
            let text = text(name);
            assert!(text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric()), "{name}: {text}");
        }
        assert_eq!(words(&fold("神宮館")).len(), 3);
        assert_eq!(words(&fold("Тетрис")).len(), 1);
    }

    #[test]
    fn a_short_word_is_sought_at_the_beginning_of_words() {
        let patterns: Vec<String> = words("doom 2").iter().map(Word::pattern).collect();
        assert_eq!(patterns, ["doom", " 2"]);
    }

    #[test]
    fn similarity_is_that_of_pg_trgm() {
        // SELECT similarity('word', 'two words') in PostgreSQL's manual, F.35.
        let of = |name: &str| trigrams(&words(name));
        assert!((similarity(&of("word"), &of("two words")) - 4.0 / 11.0).abs() < 1e-9);
        assert!(similarity(&of("abc"), &of("abc")) > 0.99);
        assert!(similarity(&of("abc"), &of("xyz")) < 0.01);
    }

    proptest! {
        #[test]
        fn sqlite_finds_each_trigram_of_postgresql_in_the_text(name in "\\PC{0,30}") {
            let words = words(&fold(&name));
            let text = search_text(&words);
            let threes: Vec<&[u8]> = text.as_bytes().windows(3).collect();
            for three in trigrams(&words) {
                prop_assert!(threes.contains(&&three[..]));
            }
        }

        #[test]
        fn a_name_with_one_slip_shares_a_hash(name in "[a-d]{3,8}", at in 0_usize..8, letter in "[a-d]", kind in 0..3) {
            let mut typed: Vec<char> = name.chars().collect();
            let at = at % typed.len();
            match kind {
                0 => drop(typed.remove(at)),
                1 => typed.insert(at, letter.chars().next().unwrap()),
                _ => typed.swap(at, (at + 1) % name.len().max(1)),
            }
            prop_assume!(kind < 2 || at + 1 < name.len());
            let typed: String = typed.into_iter().collect();
            let (kept, asked) = (slips(&name, &SLIP_LETTERS), slips(&typed, &ASKED_LETTERS));
            prop_assert!(asked.iter().any(|hash| kept.contains(hash)), "{} {}", name, typed);
        }
    }
}
