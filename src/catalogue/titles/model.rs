//! Types and rules of titles: their names ([`fold`]), what indexes hold of them ([`grams`]), how they are ranked ([`rank`]) and
//! merged ([`matching`]); and the feature's error.

mod error;
mod fold;
pub mod grams;
pub mod matching;
mod query;
pub mod rank;
mod record;
mod released;
mod word;

use std::fmt;

use unicode_normalization::UnicodeNormalization;

pub use self::{
    error::TitleError,
    fold::fold,
    matching::{NameMatch, NameQuery},
    query::{Count, Facets, Filter, Settlement, TitleCursor, TitlePage, TitleQuery, UnclearRecord},
    record::{ExternalId, Record, parse_source},
    released::{Released, YEARS},
    word::{Genre, Platform, WORD_BYTES},
};
use crate::identity::access::UserId;

/// Bytes of a name at most, and of the name of a publisher or developer.
pub const NAME_BYTES: usize = 250;

/// Names of a title at most, beside the first.
pub const MAX_NAMES: usize = 30;

/// Platforms of a title at most.
pub const MAX_PLATFORMS: usize = 60;

/// Genres of a title at most.
pub const MAX_GENRES: usize = 20;

/// Titles of a user that await approval, at most: each is work for an administrator.
pub const MAX_PENDING: u64 = 50;

/// The id of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TitleId(pub i64);

impl fmt::Display for TitleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TitleId {
    /// The id of that text.
    ///
    /// # Errors
    /// It is none: no title has it.
    pub fn parse(text: &str) -> Result<Self, TitleError> {
        let is_plain = !text.starts_with('+') && !text.starts_with('0');
        text.parse().ok().filter(|id| is_plain && *id > 0).map(Self).ok_or(TitleError::NotFound)
    }
}

/// A name, with its folded form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    key: String,
}

/// Whether a character changes the direction or the lines of the text around it (Unicode's `Bidi_Control`, and its separators of
/// lines and paragraphs).
fn is_layout(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Name {
    /// A name, without the white space around it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text: String = text.trim().nfc().collect();
        if text.len() > NAME_BYTES {
            return Err(format!("has {} bytes; at most {NAME_BYTES}", text.len()));
        }
        if text.chars().any(|char| char.is_control() || is_layout(char)) {
            return Err("has a character that controls the text around it".to_owned());
        }
        let key = fold(&text);
        // One letter may become three when it is folded (ﷺ becomes eighteen).
        if key.is_empty() || key.len() > 2 * NAME_BYTES {
            return Err("is empty, or has no letter, digit or sign, or is too long".to_owned());
        }
        Ok(Self { text, key })
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The folded form.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// The name of a company, which may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company(String);

impl Company {
    /// A company of that name.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > NAME_BYTES || text.chars().any(|char| char.is_control() || is_layout(char)) {
            return Err(format!("must have at most {NAME_BYTES} bytes, and no control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its name.
    pub name: Name,
    /// Its other names, none of them folded like the first or another.
    pub other_names: Vec<Name>,
    /// When it was first released.
    pub released: Option<Released>,
    /// Who published it.
    pub publisher: Company,
    /// Who made it.
    pub developer: Company,
    /// Its platforms, in order, each once.
    pub platforms: Vec<Platform>,
    /// Its genres, in order, each once.
    pub genres: Vec<Genre>,
}

impl Facts {
    /// Puts lists in order, and removes what is there twice.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        let mut keys = vec![self.name.key.clone()];
        self.other_names.retain(|name| {
            let is_new = !keys.contains(&name.key);
            if is_new {
                keys.push(name.key.clone());
            }
            is_new
        });
        self.platforms.sort_unstable();
        self.platforms.dedup();
        self.genres.sort_unstable();
        self.genres.dedup();
        self
    }

    /// Adds what `more` knows beside it: what is known here stays as it is.
    #[must_use]
    pub fn filled_from(&self, more: &Self) -> Self {
        let mut filled = self.clone();
        filled.other_names.extend(std::iter::once(&more.name).chain(&more.other_names).cloned());
        filled.platforms.extend(more.platforms.iter().cloned());
        filled.genres.extend(more.genres.iter().cloned());
        // A day says more than its year.
        let is_finer =
            |date: &Released| more.released.as_ref().is_some_and(|more| more.as_str().starts_with(date.as_str()));
        if self.released.as_ref().is_none_or(is_finer) {
            filled.released.clone_from(&more.released);
        }
        for (company, of) in [(&mut filled.publisher, &more.publisher), (&mut filled.developer, &more.developer)] {
            if company.as_str().is_empty() {
                company.clone_from(of);
            }
        }
        let mut filled = filled.tidy();
        filled.other_names.truncate(MAX_NAMES);
        filled.platforms.truncate(MAX_PLATFORMS);
        filled.genres.truncate(MAX_GENRES);
        filled
    }

    /// The year of its first release.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        self.released.as_ref().map(Released::year)
    }
}

/// A title as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Its id.
    pub id: TitleId,
    /// What is known of it.
    pub facts: Facts,
    /// Its author, while it awaits approval.
    pub pending_of: Option<UserId>,
    /// Ids that others know it by.
    pub external: Vec<ExternalId>,
    /// The games of studios that it is.
    pub games: Vec<i32>,
    /// Raised by each change.
    pub revision: i64,
    /// When it was created.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: i64,
}

/// What lists show of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleCard {
    /// The id that was asked for: of a title that was merged into another it is not that of the other.
    pub asked: TitleId,
    /// Its id.
    pub id: TitleId,
    /// Its name.
    pub name: String,
    /// The year of its first release.
    pub year: Option<i32>,
    /// Its platforms.
    pub platforms: Vec<String>,
    /// Its genres.
    pub genres: Vec<String>,
    /// Whether it awaits approval.
    pub is_pending: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_has_something_to_it() {
        assert_eq!(Name::parse("  Doom\t").unwrap().as_str(), "Doom");
        assert!(Name::parse(&"é".repeat(125)).is_ok() && Name::parse("***").is_ok());
        for bad in ["", "  ", "'", "a\nb", "a\u{202e}b", &"é".repeat(126)] {
            assert!(Name::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn facts_name_each_thing_once() {
        let name = |text| Name::parse(text).unwrap();
        let platforms = ["snes", "pc", "Windows"].map(|word| Platform::parse(word).unwrap()).to_vec();
        let facts = Facts {
            name: name("Pokémon"),
            other_names: vec![name("POKEMON"), name("Pocket Monsters"), name("pocket monsters!")],
            released: None,
            publisher: Company::default(),
            developer: Company::default(),
            platforms,
            genres: vec![],
        };
        let facts = facts.tidy();
        assert_eq!(facts.other_names, [name("Pocket Monsters")]);
        assert_eq!(facts.platforms.iter().map(Platform::as_str).collect::<Vec<_>>(), ["pc", "snes"]);
    }

    #[test]
    fn what_is_known_is_filled_and_never_replaced() {
        let facts = |name: &str, released: &str, publisher: &str| Facts {
            name: Name::parse(name).unwrap(),
            other_names: vec![],
            released: Released::parse(released).ok(),
            publisher: Company::parse(publisher).unwrap(),
            developer: Company::default(),
            platforms: vec![],
            genres: vec![],
        };
        let filled = facts("Doom", "1993", "id").filled_from(&facts("DOOM 1", "1993-12-10", "GT"));
        assert_eq!((filled.name.as_str(), filled.publisher.as_str()), ("Doom", "id"));
        assert_eq!(filled.released.as_ref().unwrap().as_str(), "1993-12-10");
        assert_eq!(filled.other_names, [Name::parse("DOOM 1").unwrap()]);
        assert_eq!(filled.filled_from(&filled), filled);
        let earlier = facts("Doom", "1993-12-10", "").filled_from(&facts("Doom", "1994", ""));
        assert_eq!(earlier.released.unwrap().as_str(), "1993-12-10");
        let absent = facts("Doom", "", "").filled_from(&facts("Doom", "", "GT"));
        assert_eq!((absent.released, absent.publisher.as_str()), (None, "GT"));
    }

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(TitleId::parse("17").unwrap(), TitleId(17));
        for bad in ["", "0", "-1", "+1", "017", "x", "9223372036854775808"] {
            assert!(TitleId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
