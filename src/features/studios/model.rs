//! Types and pure rules of studios, games and keys, and the feature's error.

pub use crate::platform::permit::Actor;
use crate::platform::{
    codec::fields::Unreadable,
    db::{SchemaError, SchemaState, StudioId},
    error::{Fault, Kind, StoreError},
    permit::{Environment, KeyKind, Scopes},
    secret::Secret,
    token::{self, NoRandomness},
};

/// Bytes of a slug, at most.
const SLUG_BYTES: usize = 40;

/// Bytes of a game's title or a key's label, at most.
const TITLE_BYTES: usize = 100;

/// Symbols of a key's id: 60 bits, so that ids never meet.
const ID_SYMBOLS: usize = 12;

/// Symbols of a key's secret: 130 bits.
const SECRET_SYMBOLS: usize = 26;

/// Keys of one family that open something at once: the one in use, and the one that takes its place.
pub const ACTIVE_IN_FAMILY: usize = 2;

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

/// A key, as its owners see it.
#[derive(Clone, Debug)]
pub struct Key {
    /// What stands in it for everybody to see.
    pub id: String,
    /// Whose it is.
    pub studio: StudioId,
    /// Which game it opens, by its key.
    pub game: i32,
    /// Which of the game's worlds.
    pub environment: Environment,
    /// What sort of key.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Scopes,
    /// What its owner calls it.
    pub label: String,
    /// The first of the keys that took each other's place.
    pub family: String,
    /// When it was minted.
    pub created_at_ms: i64,
    /// When it was last used, to about a minute.
    pub last_used_at_ms: Option<i64>,
    /// Since when it opens nothing.
    pub revoked_at_ms: Option<i64>,
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct KeyOrder {
    /// Which of the game's worlds it opens.
    pub environment: Environment,
    /// What sort of key.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Scopes,
    /// What its owner calls it.
    pub label: Title,
}

/// A key that was just minted: the only time that it is seen whole.
#[derive(Debug)]
pub struct Minted {
    /// Its id.
    pub id: String,
    /// All of it.
    pub text: Secret,
}

/// SHA-256 of a whole key.
pub type KeyDigest = [u8; 32];

/// SHA-256 of a whole key: what is kept of it. A key has 130 random bits, so nothing slower is needed to keep it from
/// being guessed back.
#[must_use]
pub fn digest(text: &str) -> KeyDigest {
    token::digest(text)
}

fn prefix(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Publishable => "ck",
        KeyKind::Secret => "sk",
    }
}

/// Makes a key: `ck_live_<id>_<secret>`.
///
/// # Errors
/// The system's random source does not answer.
pub fn mint(kind: KeyKind, environment: Environment) -> Result<Minted, NoRandomness> {
    let id = token::random_text(ID_SYMBOLS)?;
    let secret = token::random_text(SECRET_SYMBOLS)?;
    let text = format!("{}_{}_{id}_{secret}", prefix(kind), environment.name());
    Ok(Minted { id, text: Secret::new(text) })
}

/// The id in what may be a key; nothing where it is none.
#[must_use]
pub fn id_in(text: &str) -> Option<&str> {
    let symbols = |part: &str, count| part.len() == count && part.bytes().all(|byte| token::SYMBOLS.contains(&byte));
    let mut parts = text.split('_');
    let known = KeyKind::ALL.map(prefix).contains(&parts.next()?) && Environment::of_name(parts.next()?).is_some();
    let (id, secret) = (parts.next()?, parts.next()?);
    let whole = symbols(id, ID_SYMBOLS) && symbols(secret, SECRET_SYMBOLS) && parts.next().is_none();
    (known && whole).then_some(id)
}

/// Something that was done, and by whom.
#[derive(Clone, Debug)]
pub struct Deed {
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

/// Why something could not be done with studios, games or keys.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// Not a slug.
    #[error("{0:?} is no name for an address: 1 to 40 small letters, digits and hyphens, the first no hyphen")]
    Slug(String),
    /// Not a title.
    #[error("{0:?} is no title: at most 100 bytes, no control characters")]
    Title(String),
    /// There is a studio of that name.
    #[error("there is a studio {0} already")]
    StudioTaken(String),
    /// There is a game of that name.
    #[error("there is a game {0} already")]
    GameTaken(String),
    /// There is no studio of that name.
    #[error("there is no studio {0}")]
    NoStudio(String),
    /// There is no game of that name.
    #[error("there is no game {0}")]
    NoGame(String),
    /// There is no key with that id.
    #[error("there is no key {0}")]
    NoKey(String),
    /// More than a key of that kind may do.
    #[error("a {} key may do at most: {}; asked for: {asked}", .kind.name(), .kind.most())]
    TooMuch {
        /// The kind.
        kind: KeyKind,
        /// What was asked for.
        asked: Scopes,
    },
    /// The key opens nothing any more.
    #[error("the key {0} is revoked")]
    Revoked(String),
    /// Two keys of the family are active.
    #[error("two keys take turns already: revoke {0} first, when nothing uses it any more")]
    RotationOpen(String),
    /// What is to be imported is no export of a studio, or is damaged, or another program's.
    #[error("this is no studio that this program can import: {0}")]
    NotAnExport(String),
    /// Keys of what is to be imported are there.
    #[error("keys of this export are another studio's here: was it imported before?")]
    KeysThere,
    /// A change of a game's rules can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Something in a change of a game's rules is wrong.
    #[error("{}", in_words(.0))]
    Invalid(Vec<Fault>),
    /// The studio of the open world can't be deleted.
    #[error("this is the studio of the open world, which would be there again at the next start")]
    OpenWorld,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A studio's tables can't be made or read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The system's random source.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

fn in_words(faults: &[Fault]) -> String {
    let each: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
    each.join("; ")
}

impl StudioError {
    /// What it means to whoever asked, and the word for it.
    #[must_use]
    pub fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Slug(_) => (Kind::Invalid, "slug_invalid"),
            Self::Title(_) => (Kind::Invalid, "title_invalid"),
            Self::TooMuch { .. } => (Kind::Invalid, "scopes_too_wide"),
            Self::StudioTaken(_) => (Kind::Conflict, "studio_taken"),
            Self::GameTaken(_) => (Kind::Conflict, "game_taken"),
            Self::NotAnExport(_) => (Kind::Invalid, "export_invalid"),
            Self::KeysThere => (Kind::Conflict, "keys_there"),
            Self::OpenWorld => (Kind::Conflict, "open_world"),
            Self::Revoked(_) => (Kind::Conflict, "key_revoked"),
            Self::RotationOpen(_) => (Kind::Conflict, "rotation_open"),
            Self::NoStudio(_) => (Kind::NotFound, "studio_not_found"),
            Self::NoGame(_) => (Kind::NotFound, "game_not_found"),
            Self::NoKey(_) => (Kind::NotFound, "key_not_found"),
            Self::Store(error) => (error.kind(), "database"),
            Self::Schema(_) | Self::NoRandomness(_) => (Kind::Internal, "internal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minted_key_has_its_form_and_no_two_are_alike() {
        let minted = mint(KeyKind::Publishable, Environment::Dev).unwrap();
        let text = minted.text.expose();
        assert!(text.starts_with(&format!("ck_dev_{}_", minted.id)), "{text}");
        assert_eq!((text.len(), id_in(text)), (46, Some(minted.id.as_str())));
        assert_ne!(text, mint(KeyKind::Publishable, Environment::Dev).unwrap().text.expose());
        assert!(!format!("{minted:?}").contains(text));
    }

    #[test]
    fn what_is_no_key_has_no_id() {
        let good = mint(KeyKind::Secret, Environment::Live).unwrap().text.expose().to_owned();
        assert!(id_in(&good).is_some());
        for bad in [
            "",
            "_",
            "___",
            &good.replacen("sk_", "pk_", 1),
            &good.replacen("live", "test", 1),
            &good[..good.len() - 1],
            &format!("{good}0"),
            &format!("{good}_"),
            &good.to_uppercase(),
            &format!(" {good}"),
        ] {
            assert_eq!(id_in(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_slug_is_short_and_plain() {
        assert!(Slug::parse("moss-01").is_ok() && Slug::parse(&"a".repeat(40)).is_ok());
        for bad in ["", "-a", "Moss", "a b", "a_b", "é", &"a".repeat(41)] {
            assert!(Slug::parse(bad).is_err(), "{bad:?}");
        }
    }
}
