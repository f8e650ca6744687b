//! Platforms and genres: short words of a vocabulary that grows with the catalogue.

use std::fmt;

use super::fold;

/// Bytes of a word at most.
pub const WORD_BYTES: usize = 40;

/// The same platform by its other names.
const PLATFORMS: [(&str, &[&str]); 26] = [
    ("pc", &["windows", "pc-windows", "pc-microsoft-windows", "win", "win32", "win64", "ibm-pc", "steam"]),
    ("mac", &["macos", "mac-os", "os-x", "macintosh", "apple-macintosh"]),
    ("linux", &["gnu-linux", "pc-linux"]),
    ("ps1", &["psx", "playstation", "playstation-1", "sony-playstation", "ps"]),
    ("ps2", &["playstation-2", "playstation2", "sony-playstation-2"]),
    ("ps3", &["playstation-3", "playstation3", "sony-playstation-3"]),
    ("ps4", &["playstation-4", "playstation4", "sony-playstation-4"]),
    ("ps5", &["playstation-5", "playstation5", "sony-playstation-5"]),
    ("psp", &["playstation-portable"]),
    ("vita", &["ps-vita", "psvita", "playstation-vita"]),
    ("xbox", &["microsoft-xbox", "xbox-old"]),
    ("xbox-360", &["xbox360", "microsoft-xbox-360", "x360"]),
    ("xbox-one", &["xboxone", "microsoft-xbox-one"]),
    ("xbox-series", &["xbox-series-x", "xbox-series-s", "xbox-series-x-s", "xbox-series-x-and-s", "xbox-series-s-x"]),
    ("switch", &["nintendo-switch", "ns"]),
    ("switch-2", &["nintendo-switch-2"]),
    ("nes", &["nintendo-entertainment-system", "nintendo-nes", "famicom"]),
    ("snes", &["super-nintendo", "super-nintendo-entertainment-system", "nintendo-snes", "super-famicom"]),
    ("n64", &["nintendo-64", "nintendo64"]),
    ("gamecube", &["nintendo-gamecube", "gcn"]),
    ("wii", &["nintendo-wii"]),
    ("wii-u", &["nintendo-wii-u", "wiiu"]),
    ("gameboy", &["game-boy", "nintendo-game-boy", "gb"]),
    ("gbcolor", &["game-boy-color", "nintendo-game-boy-color", "gbc"]),
    ("gba", &["game-boy-advance", "nintendo-game-boy-advance"]),
    ("nds", &["nintendo-ds", "ds"]),
];

/// Small letters, digits, hyphens and underscores, from any text.
fn word(text: &str) -> Result<String, String> {
    let folded: String = text.split('_').map(fold).collect::<Vec<_>>().join("_");
    let word: String = folded.chars().map(|char| if char == ' ' { '-' } else { char }).collect();
    let is_good = (1..=WORD_BYTES).contains(&word.len())
        && word.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_'))
        && word.chars().any(char::is_alphanumeric);
    if is_good { Ok(word) } else { Err(format!("must be a word of letters or digits, of {WORD_BYTES} bytes at most")) }
}

/// A platform that a title is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform(String);

impl Platform {
    /// The platform of that name: `PlayStation 5`, `ps5` and `playstation-5` are one.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let word = word(text)?;
        let known = PLATFORMS.iter().find(|(_, others)| others.contains(&word.as_str()));
        Ok(Self(known.map_or(word, |(name, _)| (*name).to_owned())))
    }

    /// Its word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A kind of game.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Genre(String);

impl Genre {
    /// The genre of that name.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        word(text).map(Self)
    }

    /// Its word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Genre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_one_word_however_it_is_written() {
        for (text, platform) in [
            ("PlayStation 5", "ps5"),
            ("ps5", "ps5"),
            ("Nintendo Switch", "switch"),
            ("PC (Windows)", "pc"),
            ("Xbox Series X|S", "xbox-series"),
            ("cpc_flop", "cpc_flop"),
            ("specpls3_flop", "specpls3_flop"),
        ] {
            assert_eq!(Platform::parse(text).unwrap().as_str(), platform, "{text}");
        }
        assert_eq!(Genre::parse("Role-Playing").unwrap().as_str(), "role-playing");
        for bad in ["", "!", "_", &"a".repeat(41)] {
            assert!(Platform::parse(bad).is_err() && Genre::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_platform_has_two_words() {
        for (name, others) in PLATFORMS {
            for word in others.iter().chain([&name]) {
                assert_eq!(Platform::parse(word).unwrap().as_str(), name);
            }
        }
    }
}
