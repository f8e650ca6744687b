//! Types and pure rules of studios and games, and the feature's error; of keys in [`keys`], of members in [`members`].

mod error;
mod keys;
mod members;

pub use self::{
    error::StudioError,
    keys::{ACTIVE_IN_FAMILY, Key, KeyDigest, Minted, NewKey, digest, id_at, id_in, mint},
    members::{Invitation, MOST_MEMBERS, Member, NewInvitation, Standing},
};
pub use crate::identity::access::Actor;
use crate::{
    identity::access::Environment,
    platform::db::{SchemaState, StudioId},
};

/// Bytes of a slug, at most.
const SLUG_BYTES: usize = 40;

/// Bytes of a game's title or a key's label, at most.
const TITLE_BYTES: usize = 100;

/// A name in addresses and on the command line: 1 to 40 small letters, digits and hyphens, the first no hyphen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// A slug of that text.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(raw: &str) -> Result<Self, StudioError> {
        let plain = raw.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !plain || raw.starts_with('-') || !(1..=SLUG_BYTES).contains(&raw.len()) {
            return Err(StudioError::Slug(raw.to_owned()));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A title or label: at most 100 bytes, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// A title of that text.
    ///
    /// # Errors
    /// It is too long, or holds a control character.
    pub fn parse(raw: &str) -> Result<Self, StudioError> {
        if raw.len() > TITLE_BYTES || raw.chars().any(char::is_control) {
            return Err(StudioError::Title(raw.to_owned()));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A studio.
#[derive(Clone, Debug)]
pub struct Studio {
    /// Its key.
    pub id: StudioId,
    /// Its name in addresses and on the command line.
    pub slug: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// When it was founded.
    pub created_at_ms: i64,
}

/// A studio with the state of its tables.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The studio.
    pub studio: Studio,
    /// How far its tables are.
    pub schema: SchemaState,
}

/// A game of a studio.
#[derive(Clone, Debug)]
pub struct Game {
    /// Its key.
    pub id: i32,
    /// Whose it is.
    pub studio: StudioId,
    /// Its name in addresses and on the command line.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// Its world for players, in the studio's own tables.
    pub live_world: i32,
    /// Its world for developers.
    pub dev_world: i32,
    /// When it was registered.
    pub created_at_ms: i64,
}

impl Game {
    /// Its world in an environment.
    #[must_use]
    pub fn world(&self, environment: Environment) -> i32 {
        match environment {
            Environment::Live => self.live_world,
            Environment::Dev => self.dev_world,
        }
    }
}

/// Something that was done, and by whom.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Its place in the order of writing.
    pub id: i64,
    /// When.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// More about it.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_and_plain() {
        assert!(Slug::parse("moss-01").is_ok() && Slug::parse(&"a".repeat(40)).is_ok());
        for bad in ["", "-a", "Moss", "a b", "a_b", "é", &"a".repeat(41)] {
            assert!(Slug::parse(bad).is_err(), "{bad:?}");
        }
    }
}
