//! Keys: what they look like, and what is kept of them.

use super::Title;
use crate::{
    identity::access::{Environment, KeyKind, Permissions},
    platform::{
        db::StudioId,
        secret::Secret,
        token::{self, NoRandomness},
    },
};

/// Symbols of a key's id: 60 bits, so that ids never meet.
const ID_SYMBOLS: usize = 12;

/// Symbols of a key's secret: 130 bits.
const SECRET_SYMBOLS: usize = 26;

/// Keys of one family that open something at once: the one in use, and the one that takes its place.
pub const ACTIVE_IN_FAMILY: usize = 2;

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
    pub permissions: Permissions,
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
pub struct NewKey {
    /// Which of the game's worlds it opens.
    pub environment: Environment,
    /// What sort of key.
    pub kind: KeyKind,
    /// What it may do.
    pub permissions: Permissions,
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
    let known = KeyKind::ALL.map(prefix).contains(&parts.next()?) && Environment::parse(parts.next()?).is_some();
    let (id, secret) = (parts.next()?, parts.next()?);
    let whole = symbols(id, ID_SYMBOLS) && symbols(secret, SECRET_SYMBOLS) && parts.next().is_none();
    (known && whole).then_some(id)
}

/// The id in a key; anything in what is none.
#[must_use]
pub fn id_at(key: &[u8]) -> Option<&[u8]> {
    let secret_at = key.len().checked_sub(SECRET_SYMBOLS)?;
    key.get(secret_at.checked_sub(ID_SYMBOLS + 1)?..secret_at - 1)
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
        assert_eq!(id_at(text.as_bytes()), id_in(text).map(str::as_bytes));
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
        for short in ["", "_", "ck_live_cekhrgcxqgyy"] {
            assert_eq!(id_at(short.as_bytes()), None, "{short:?}");
        }
    }
}
