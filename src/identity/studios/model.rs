//! Types and rules of studios and games; of keys in [`keys`], of members in [`members`]; and the feature's error.

mod error;
mod keys;
mod members;

pub use self::{
    error::StudioError,
    keys::{
        ACTIVE_IN_FAMILY, IssueRequest, IssuedKey, Key, KeyDigest, NewKey, digest, generate_key, generate_secret,
        id_at, id_in,
    },
    members::{ActingMember, Invitation, InvitationEmail, MAX_MEMBERS, Member, NewInvitation},
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

/// A name in addresses and on the command line: 1 to 40 small letters, digits and hyphens, not beginning with a hyphen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// Parses a slug.
    ///
    /// # Errors
    /// [`StudioError::Slug`].
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
    /// Parses a title.
    ///
    /// # Errors
    /// [`StudioError::Title`].
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
    /// Its id.
    pub id: StudioId,
    /// Its name in addresses and on the command line.
    pub slug: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// When it was created.
    pub created_at_ms: i64,
}

/// A studio with the state of its tables.
#[derive(Clone, Debug)]
pub struct StudioStatus {
    /// The studio.
    pub studio: Studio,
    /// Which migrations its tables have had.
    pub schema: SchemaState,
}

/// A game of a studio.
#[derive(Clone, Debug)]
pub struct Game {
    /// Its id.
    pub id: i32,
    /// Its studio.
    pub studio: StudioId,
    /// Its name in addresses and on the command line.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// The id of its world for players, in the studio's own tables.
    pub live_world: i32,
    /// The id of its world for developers.
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

/// A game with the name of its studio.
#[derive(Clone, Debug)]
pub struct NamedGame {
    /// The studio's name in addresses.
    pub studio_slug: String,
    /// The game.
    pub game: Game,
}

/// An entry of the audit log: who did what to what.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Its id, in the order of writing.
    pub id: i64,
    /// When it was done, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who did it: `user:<id>`, `key:<id>`, `command line` or `cairn`.
    pub actor: String,
    /// What was done: `key.minted` and so on.
    pub action: String,
    /// What it was done to: `key:<id>`, `game:<name>` and so on.
    pub object: String,
    /// More about it; may be empty.
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
