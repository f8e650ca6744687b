//! How well a name fits what somebody has typed. Both databases find candidates; here they get their order, so that it is one.
//!
//! From the best: the name itself; a name from which one letter was left out, one letter too many, or two neighbours in the wrong
//! order; the beginning of a name; names with all of its words, or words that begin so; names that contain it; one letter wrong; two
//! slips; and what shares enough trigrams. Among equals a short name comes first, then the order of names.

use super::grams;

/// How many trigrams a name must share with what was typed, of all that the two have: the threshold that `pg_trgm` has unless
/// somebody changes it.
const LEAST_SIMILARITY: f64 = 0.3;

/// The same where letters are words by themselves, which names share by chance.
const LEAST_SIMILARITY_OF_LETTERS: f64 = 0.5;

/// With so many trigrams some may be left out.
const ENOUGH_TRIGRAMS: usize = 5;

/// Letters from which on a name may have two slips.
const TWO_SLIPS: usize = 8;

/// What somebody has typed.
#[derive(Clone, Debug)]
pub struct Asked {
    key: String,
    letters: usize,
    words: Vec<grams::Word>,
    trigrams: Vec<[u8; 3]>,
}

/// The place of a name: the least is the best.
pub type Place = (u32, usize);

impl Asked {
    /// Of a folded text.
    #[must_use]
    pub fn new(key: String) -> Self {
        let words = grams::words(&key);
        Self { letters: key.chars().count(), trigrams: grams::trigrams(&words), words, key }
    }

    /// The folded text.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How many letters it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.letters
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> &[grams::Word] {
        &self.words
    }

    /// Its trigrams without those that only say with which letter a word begins, as long as there are enough: these are in a tenth of
    /// all names, and cost most.
    #[must_use]
    pub fn telling_trigrams(&self) -> Vec<[u8; 3]> {
        let telling: Vec<_> = self.trigrams.iter().filter(|three| !three.starts_with(b"  ")).copied().collect();
        if telling.len() < ENOUGH_TRIGRAMS { self.trigrams.clone() } else { telling }
    }

    /// The place of a name, by its folded form; `None` where it does not fit at all.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<Place> {
        let letters = name.chars().count();
        self.class(name, letters).map(|class| (class, letters))
    }

    /// Whether a name, by its folded form, shares enough trigrams. One that was found by its trigrams must: each database finds some that
    /// do not, and others than the other.
    #[must_use]
    pub fn is_alike(&self, name: &str) -> bool {
        self.similarity(name).is_some()
    }

    /// How alike a name is; `None` where it is too little.
    fn similarity(&self, name: &str) -> Option<f64> {
        let similarity = grams::similarity(&self.trigrams, &grams::trigrams(&grams::words(name)));
        let has_lone = self.words.iter().any(grams::Word::is_lone);
        let least = if has_lone { LEAST_SIMILARITY_OF_LETTERS } else { LEAST_SIMILARITY };
        Some(similarity).filter(|similarity| *similarity >= least)
    }

    fn class(&self, name: &str, letters: usize) -> Option<u32> {
        if name == self.key {
            return Some(0);
        }
        let slips =
            if letters.abs_diff(self.letters) <= 2 { strsim::osa_distance(&self.key, name) } else { usize::MAX };
        if slips == 1 && self.letters > 1 && !self.has_wrong_char(name, letters) {
            return Some(10);
        }
        if let Some(rest) = name.strip_prefix(&*self.key) {
            return Some(if rest.starts_with(' ') { 20 } else { 21 });
        }
        let mut words = self.key.split(' ');
        if words.clone().all(|word| name.split(' ').any(|of| of == word)) {
            return Some(30);
        }
        if words.all(|word| name.split(' ').any(|of| of.starts_with(word))) {
            return Some(31);
        }
        if slips == 1 && self.letters > 2 {
            return Some(40);
        }
        if name.contains(&*self.key) {
            return Some(50);
        }
        if slips == 2 && self.letters >= TWO_SLIPS {
            return Some(60);
        }
        self.similarity(name).map(|similarity| 200 - percent(similarity))
    }

    /// Whether a name that has one slip has another letter in a place.
    fn has_wrong_char(&self, name: &str, letters: usize) -> bool {
        letters == self.letters && self.key.chars().zip(name.chars()).filter(|(one, other)| one != other).count() == 1
    }
}

/// Hundredths, rounded down.
fn percent(part: f64) -> u32 {
    (0..=100).rev().find(|hundredths| f64::from(*hundredths) <= part * 100.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::titles::model::fold;

    fn ranked<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
        let asked = Asked::new(fold(typed));
        let mut found: Vec<_> = names.iter().filter_map(|name| Some((asked.place(&fold(name))?, *name))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn better_fits_come_first() {
        let names = ["Super Doom", "Doom", "Doomsday", "Doom II", "Dooom", "Room", "Predoomed", "Tetris"];
        assert_eq!(ranked("doom", &names), ["Doom", "Dooom", "Doom II", "Doomsday", "Super Doom", "Room", "Predoomed"]);
    }

    #[test]
    fn words_may_be_in_any_order_and_unfinished() {
        assert_eq!(
            ranked("zelda legend", &["The Legend of Zelda", "Legend of Mana"]).first(),
            Some(&"The Legend of Zelda")
        );
        assert_eq!(ranked("leg zel", &["The Legend of Zelda", "Tetris"]), ["The Legend of Zelda"]);
    }

    #[test]
    fn a_long_name_may_have_several_slips() {
        assert_eq!(ranked("castelvania sympony", &["Castlevania: Symphony of the Night", "Tetris"]).len(), 1);
        assert!(ranked("tetris", &["Castlevania"]).is_empty());
    }

    #[test]
    fn other_scripts_are_found_by_a_part() {
        assert_eq!(ranked("クエスト", &["ドラゴンクエスト", "テトリス"]), ["ドラゴンクエスト"]);
    }

    proptest! {
        #[test]
        fn a_name_is_the_best_fit_for_itself(name in "\\PC{1,30}", other in "\\PC{1,30}") {
            let (name, other) = (fold(&name), fold(&other));
            prop_assume!(!name.is_empty() && name != other);
            let asked = Asked::new(name.clone());
            prop_assert_eq!(asked.place(&name).unwrap().0, 0);
            prop_assert!(asked.place(&other).is_none_or(|place| place.0 > 0));
        }
    }
}
