//! Keys: their format, and what is stored of them.

use super::Title;
use crate::{
    identity::access::{Environment, KeyKind, Permissions},
    platform::{
        db::StudioId,
        secret::Secret,
        token::{self, NoRandomness},
    },
};

/// Symbols of a key's id: 60 bits, so that ids do not collide.
const ID_SYMBOLS: usize = 12;

/// Symbols of a key's secret: 130 bits.
const SECRET_SYMBOLS: usize = 26;

/// Active keys of one family at most: the one in use, and its successor.
pub const ACTIVE_IN_FAMILY: usize = 2;

/// A key, without its secret.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id, which is part of the key and no secret.
    pub id: String,
    /// Its studio.
    pub studio: StudioId,
    /// The id of the game that it opens.
    pub game: i32,
    /// Which of the game's worlds it opens.
    pub environment: Environment,
    /// Publishable or secret.
    pub kind: KeyKind,
    /// What it may do.
    pub permissions: Permissions,
    /// Its owner's label for it; may be empty.
    pub label: String,
    /// The id of the first key of which this is a successor, of the next and so on; its own id if it is none.
    pub family: String,
    /// When it was issued, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// When it was last used, to about a minute; `None` if never.
    pub last_used_at_ms: Option<i64>,
    /// When it was revoked; `None` while it is active.
    pub revoked_at_ms: Option<i64>,
}

/// A key to be issued.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Which of the game's worlds it opens.
    pub environment: Environment,
    /// Publishable or secret.
    pub kind: KeyKind,
    /// What it may do.
    pub permissions: Permissions,
    /// Its owner's label for it; may be empty.
    pub label: Title,
}

/// A request for a key that has an `Idempotency-Key`, by digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssueRequest {
    /// Of the caller and the idempotency key.
    pub request: [u8; 32],
    /// Of what is asked.
    pub content: [u8; 32],
}

/// A key that was just issued: the only time that its secret is known.
#[derive(Debug)]
pub struct IssuedKey {
    /// Its id.
    pub id: String,
    /// The whole key.
    pub text: Secret,
    /// The request that asks for it.
    pub request: Option<IssueRequest>,
}

/// SHA-256 of a whole key.
pub type KeyDigest = [u8; 32];

/// SHA-256 of a whole key, which is all that is stored of it. A key has 130 random bits, so no slower hash is needed against
/// guessing.
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

/// Generates a key: `ck_live_<id>_<secret>`.
///
/// # Errors
/// The system's random source failed.
pub fn generate_key(kind: KeyKind, environment: Environment) -> Result<IssuedKey, NoRandomness> {
    generate_secret(kind, environment, token::random_text(ID_SYMBOLS)?)
}

/// Generates a key with that id.
///
/// # Errors
/// The system's random source failed.
pub fn generate_secret(kind: KeyKind, environment: Environment, id: String) -> Result<IssuedKey, NoRandomness> {
    let secret = token::random_text(SECRET_SYMBOLS)?;
    let text = format!("{}_{}_{id}_{secret}", prefix(kind), environment.name());
    Ok(IssuedKey { id, text: Secret::new(text), request: None })
}

/// The id in a key; `None` if the text has not the format of a key.
#[must_use]
pub fn id_in(text: &str) -> Option<&str> {
    let symbols = |part: &str, count| part.len() == count && part.bytes().all(|byte| token::SYMBOLS.contains(&byte));
    let mut parts = text.split('_');
    let known = KeyKind::ALL.map(prefix).contains(&parts.next()?) && Environment::parse(parts.next()?).is_some();
    let (id, secret) = (parts.next()?, parts.next()?);
    let whole = symbols(id, ID_SYMBOLS) && symbols(secret, SECRET_SYMBOLS) && parts.next().is_none();
    (known && whole).then_some(id)
}

/// The id in a key, whose format is not checked: arbitrary bytes if it is not a key.
#[must_use]
pub fn id_at(key: &[u8]) -> Option<&[u8]> {
    let secret_at = key.len().checked_sub(SECRET_SYMBOLS)?;
    key.get(secret_at.checked_sub(ID_SYMBOLS + 1)?..secret_at - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_key_has_its_format_and_no_two_are_alike() {
        let key = generate_key(KeyKind::Publishable, Environment::Dev).unwrap();
        let text = key.text.expose();
        assert!(text.starts_with(&format!("ck_dev_{}_", key.id)), "{text}");
        assert_eq!((text.len(), id_in(text)), (46, Some(key.id.as_str())));
        assert_eq!(id_at(text.as_bytes()), id_in(text).map(str::as_bytes));
        assert_ne!(text, generate_key(KeyKind::Publishable, Environment::Dev).unwrap().text.expose());
        assert!(!format!("{key:?}").contains(text));
    }

    #[test]
    fn a_text_that_is_not_a_key_has_no_id() {
        let good = generate_key(KeyKind::Secret, Environment::Live).unwrap().text.expose().to_owned();
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
