//! What people tell about themselves.

use unicode_normalization::UnicodeNormalization;

use super::USERNAME_KEPT;
use crate::{
    identity::{
        access::{ModerationReason, UserId},
        players::DisplayName,
        profiles::{Audience, PersonCard, Username},
    },
    platform::{clock, named::Named},
};

/// Characters of a bio at most.
const BIO_CHARS: usize = 500;

/// What a person says of themselves: at most 500 characters in Unicode's composed form; it may have lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bio(String);

impl Bio {
    /// The bio of this text, without the white space around it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bio: String = text.trim().nfc().collect();
        let chars = bio.chars().count();
        if chars > BIO_CHARS {
            return Err(format!("has {chars} characters; at most {BIO_CHARS}"));
        }
        if bio.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t')) {
            return Err("has a control character".to_owned());
        }
        Ok(Self(bio))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language, as a tag of BCP 47: `ro`, `pt-BR`, `zh-Hant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(String);

impl Language {
    /// The language of this tag.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split('-');
        let is_language =
            |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_subtag =
            |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if text.len() <= 16 && parts.next().is_some_and(is_language) && parts.all(is_subtag) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be a language tag such as en or pt-BR".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The code of a currency: three capital letters (ISO 4217).
///
/// # Errors
/// It is none.
pub fn currency(text: &str) -> Result<String, String> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    Err("must be the three capital letters of a currency, such as EUR".to_owned())
}

/// The colours of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the browser says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Named for Theme {
    const SET: &'static str = "Theme";
    const MEMBERS: &'static [Self] = &[Self::System, Self::Light, Self::Dark];

    fn public_name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How notices come by email, those of the kinds that the user wants so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailDigest {
    /// Not at all.
    #[default]
    Never,
    /// Together, once a day.
    Daily,
    /// Together, once a week.
    Weekly,
}

impl Named for MailDigest {
    const SET: &'static str = "MailDigest";
    const MEMBERS: &'static [Self] = &[Self::Never, Self::Daily, Self::Weekly];

    fn public_name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

/// By what searches find a person: by nothing, until they say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundBy {
    /// By username and display name.
    pub name: bool,
    /// By place.
    pub place: bool,
    /// By the statistics of the library.
    pub statistics: bool,
}

/// What a user wants of pages and emails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The colours of pages.
    pub theme: Theme,
    /// The language; nothing: the browser's.
    pub language: Option<String>,
    /// The currency in which prices are shown; nothing: the server's.
    pub currency: Option<String>,
    /// How notices come by email.
    pub mail: MailDigest,
}

/// A profile as its user replaces it.
#[derive(Clone, Debug)]
pub struct ProfileChange {
    /// The username; nothing: as it is.
    pub username: Option<Username>,
    /// What others call them.
    pub display_name: Option<DisplayName>,
    /// What they say of themselves.
    pub bio: Bio,
    /// The languages that they speak.
    pub languages: Vec<Language>,
    /// Who sees the profile.
    pub audience: Audience,
    /// By what searches find them.
    pub found_by: FoundBy,
    /// What they want of pages and emails.
    pub preferences: Preferences,
}

/// A profile as its own user sees it.
#[derive(Clone, Debug)]
pub struct OwnProfile {
    /// The username.
    pub username: String,
    /// When it was changed last (Unix time in ms); 0 where it is the first.
    pub username_at_ms: i64,
    /// What others call them.
    pub display_name: Option<String>,
    /// What they say of themselves.
    pub bio: String,
    /// The languages that they speak.
    pub languages: Vec<String>,
    /// Who sees the profile.
    pub audience: Audience,
    /// Why a moderator has hidden it, if one has.
    pub hidden: Option<ModerationReason>,
    /// By what searches find them.
    pub found_by: FoundBy,
    /// What they want of pages and emails.
    pub preferences: Preferences,
    /// Raised by each change.
    pub revision: i64,
}

impl OwnProfile {
    /// That of a user who has told nothing about themselves.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            username: String::new(),
            username_at_ms: 0,
            display_name: None,
            bio: String::new(),
            languages: Vec::new(),
            audience: Audience::Public,
            hidden: None,
            found_by: FoundBy::default(),
            preferences: Preferences::default(),
            revision: 0,
        }
    }

    /// When the username may be changed again (Unix time in ms); `None` where it may now.
    #[must_use]
    pub fn username_changes_at_ms(&self) -> Option<i64> {
        let at_ms = self.username_at_ms.saturating_add(clock::ms(USERNAME_KEPT));
        (self.username_at_ms > 0 && at_ms > clock::now_ms()).then_some(at_ms)
    }
}

/// How a viewer and another person stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The viewer follows them.
    pub follows: bool,
    /// They follow the viewer.
    pub is_followed: bool,
}

/// A person as another sees them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The username and display name.
    pub card: PersonCard,
    /// What they say of themselves; empty where the viewer may only know of them.
    pub bio: String,
    /// The languages that they speak; as [`Person::bio`].
    pub languages: Vec<String>,
    /// How the two stand to each other; nothing where nobody is signed in, or it is oneself.
    pub relation: Option<Relation>,
    /// Raised by each change of the profile.
    pub revision: i64,
}

impl Person {
    /// The user; never on the wire.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.card.user
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bio_is_bounded_and_may_have_lines() {
        assert_eq!(Bio::parse(" a\nb ").unwrap().as_str(), "a\nb");
        assert!(Bio::parse(&"\u{1f40c}".repeat(500)).is_ok());
        assert!(Bio::parse(&"x".repeat(501)).is_err());
        assert!(Bio::parse("a\u{7f}b").is_err());
    }

    #[test]
    fn languages_and_currencies_are_codes() {
        for good in ["en", "ro", "pt-BR", "zh-Hant", "haw"] {
            assert!(Language::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "e", "EN", "english", "en_US", "en-", "en us", "en-abcdefghi"] {
            assert!(Language::parse(bad).is_err(), "{bad}");
        }
        assert!(currency("RON").is_ok());
        for bad in ["", "ron", "EU", "EURO", "\u{20ac}\u{20ac}\u{20ac}"] {
            assert!(currency(bad).is_err(), "{bad}");
        }
    }
}
