//! Usernames.

use std::ops::RangeInclusive;

/// Characters of a username.
const CHARS: RangeInclusive<usize> = 3..=32;

/// What nobody may be called: paths of the pages and of the API, and what looks like the people who run the server. In the folded
/// form, so that no spelling of them is free.
const RESERVED: [&str; 72] = [
    "about",
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "anonymous",
    "anybody",
    "anyone",
    "api",
    "app",
    "audit",
    "auth",
    "block",
    "blocks",
    "cairn",
    "challenge",
    "challenges",
    "deleted",
    "docs",
    "everybody",
    "everyone",
    "export",
    "feed",
    "follow",
    "follows",
    "friends",
    "game",
    "games",
    "gathering",
    "gatherings",
    "health",
    "help",
    "home",
    "import",
    "legal",
    "library",
    "login",
    "logout",
    "mail",
    "me",
    "media",
    "mod",
    "moderator",
    "myself",
    "nobody",
    "none",
    "notice",
    "notices",
    "null",
    "official",
    "password",
    "people",
    "place",
    "postmaster",
    "privacy",
    "register",
    "root",
    "saves",
    "search",
    "security",
    "settings",
    "signin",
    "signup",
    "staff",
    "statistics",
    "support",
    "system",
    "thoughts",
    "undefined",
    "user",
    "users",
];

/// The name by which a person is addressed: 3 to 32 letters, digits, hyphens and underscores of ASCII, a letter or digit first
/// and last. It is unique, also among those that look alike: see [`Username::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// A name without what the eye passes over: case, hyphens and underscores, and the digits that look like letters.
fn fold(name: &str) -> String {
    let fold = |char: char| match char.to_ascii_lowercase() {
        '-' | '_' => None,
        '0' => Some('o'),
        '1' | 'i' => Some('l'),
        other => Some(other),
    };
    name.chars().filter_map(fold).collect()
}

impl Username {
    /// The username of this text.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (chars, min, max) = (text.chars().count(), CHARS.start(), CHARS.end());
        if !CHARS.contains(&chars) {
            return Err(format!("has {chars} characters; {min} to {max}"));
        }
        if !text.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_')) {
            return Err("may have letters a to z, digits, hyphens and underscores only".to_owned());
        }
        let is_edge = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
        if !is_edge(text.chars().next()) || !is_edge(text.chars().next_back()) {
            return Err("must begin and end with a letter or a digit".to_owned());
        }
        let key = fold(text);
        if RESERVED.iter().any(|reserved| fold(reserved) == key) {
            return Err("is reserved".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// Its text, as it was chosen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which no two usernames are the same.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// Whether a stored username is this one. Case does not matter.
    #[must_use]
    pub fn is(&self, stored: &str) -> bool {
        self.0.eq_ignore_ascii_case(stored)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_username_has_3_to_32_plain_characters() {
        for good in ["ann", "Ann_of-Moss", "x1y", &"a".repeat(32), "4u2"] {
            assert!(Username::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "an",
            &"a".repeat(33),
            "ann of moss",
            "ann.",
            "ann/bob",
            "\u{430}nn",
            "a\u{308}nn",
            "_ann",
            "ann-",
            "ann\n",
        ] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        let key = |text: &str| Username::parse(text).unwrap().key();
        for (one, other) in [("ann", "ANN"), ("ann-b", "a_nnb"), ("b0b", "bob"), ("bill", "b1l1"), ("bill", "blll")] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("ann"), key("anne"));
    }

    #[test]
    fn what_is_reserved_is_so_in_every_spelling() {
        for reserved in ["admin", "Admin", "a-d-m-i-n", "adm1n", "r00t", "me-", "m_e", "Cairn"] {
            assert!(Username::parse(reserved).is_err(), "{reserved}");
        }
        assert!(Username::parse("admins-friend").is_ok());
    }

    proptest! {
        #[test]
        fn the_key_of_a_username_is_its_own_key(text in "[a-zA-Z0-9_-]{3,32}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(fold(&name.key()), name.key());
                prop_assert!(name.is(&text.to_ascii_uppercase()));
            }
        }
    }
}
