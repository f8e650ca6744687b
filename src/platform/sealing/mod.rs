//! Sealing: what is stored so that nobody who reads the database, or a copy of it, can read it. Not even its operators' backups can be
//! opened without the secret key, which is in no database.
//!
//! - The key is a setting (`secret_key`, or a file that `CAIRN_SECRET_KEY_FILE` names), else the file `secret.key` in the data folder.
//!   On SQLite it is made when it is first missing. On PostgreSQL all instances need the same key, so it is made by whoever sets them up.
//! - The database holds a check value of the key that it was first used with. Another key is refused at the start: what was sealed could
//!   not be opened.
//! - Without a key the program runs, and what needs one says so ([`SealingError::KeyMissing`]).
//! - Each text is sealed with ChaCha20-Poly1305 (RFC 8439) under a key of its own, derived by HMAC-SHA-256 from the secret key, the
//!   purpose and 16 random bytes. So no nonce is ever used twice with a key, however much is sealed. What was sealed for one purpose can't
//!   be opened for another.

mod config;
mod key_file;

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

pub use self::config::SealingConfig;
use super::{
    codec::hex,
    db::Database,
    error::StoreError,
    signer::Signer,
    token::{self, NoRandomness},
};

/// Bytes of the secret key.
pub const KEY_BYTES: usize = 32;

/// Random bytes in front of what is sealed.
const SALT_BYTES: usize = 16;

/// The first byte of what is sealed: how it was done.
const VERSION: u8 = 1;

/// What can't be sealed or opened.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum SealingError {
    /// This instance has no secret key.
    #[error("this server has no secret key")]
    KeyMissing,
    /// It was sealed with another key, for another purpose, or was changed.
    #[error("what was sealed can't be opened")]
    Broken,
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The secret key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or made.
    #[error("the secret key: {0}")]
    File(String),
    /// Another key than the one that the database was sealed with.
    #[error(
        "the secret key ({0}) is another one than this database was sealed with; all instances need the key that the first had \
         (docs/operations.md, The secret key)"
    )]
    Other(String),
    /// The database is not available.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Sealer(Option<Arc<Signer>>);

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// Finds the key, makes it where that is for this program to do, and compares it with the database.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn open_key(
        config: &SealingConfig,
        data: &std::path::Path,
        database: &Database,
    ) -> Result<Self, KeyError> {
        let stored = database.secret_key_check().await?;
        let (key, place) = match hex::to_bytes(config.secret_key.expose().trim()) {
            Some(bytes) if !bytes.is_empty() => (Some(bytes), "secret_key".to_owned()),
            _ => {
                let path = data.join(key_file::NAME);
                let may_make = database.is_local() && stored.is_empty();
                let key = key_file::read_or_make(&path, may_make).await.map_err(KeyError::File)?;
                (key, path.display().to_string())
            }
        };
        let Some(key) = key.and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes).ok()) else {
            tracing::warn!(
                place,
                "there is no secret key: what has to be sealed, such as an email to somebody without an account, is refused with \
                 503 sealing_key_missing"
            );
            return Ok(Self(None));
        };
        let signer = Signer::new(&key);
        let check = hex::of_bytes(&signer.derive(&[b"check of the secret key"]));
        if database.check_secret_key(&check).await? {
            Ok(Self(Some(Arc::new(signer))))
        } else {
            Err(KeyError::Other(place))
        }
    }

    /// A sealer with that key.
    #[must_use]
    pub fn with_key(key: &[u8; KEY_BYTES]) -> Self {
        Self(Some(Arc::new(Signer::new(key))))
    }

    /// Whether there is a key.
    ///
    /// # Errors
    /// [`SealingError::KeyMissing`].
    pub fn check(&self) -> Result<(), SealingError> {
        self.signer().map(drop)
    }

    fn signer(&self) -> Result<&Signer, SealingError> {
        self.0.as_deref().ok_or(SealingError::KeyMissing)
    }

    /// Seals a text, as letters and digits for a URL or JSON. Its length tells the text's.
    ///
    /// # Errors
    /// [`SealingError::KeyMissing`], [`SealingError::NoRandomness`].
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String, SealingError> {
        let salt = token::bytes::<SALT_BYTES>()?;
        let (key, nonce) = key_for(self.signer()?, purpose, &salt)?;
        let mut bytes = text.as_bytes().to_vec();
        let tag = key
            .seal_in_place_separate_tag(nonce, Aad::from(purpose.as_bytes()), &mut bytes)
            .map_err(|_| SealingError::Broken)?;
        Ok(URL_SAFE_NO_PAD.encode([&[VERSION][..], &salt, &bytes, tag.as_ref()].concat()))
    }

    /// A secret that only the holder of the key can derive from a purpose and a name.
    ///
    /// # Errors
    /// [`SealingError::KeyMissing`].
    pub fn derive(&self, purpose: &str, name: &str) -> Result<[u8; 32], SealingError> {
        Ok(self.signer()?.derive(&[b"derived", purpose.as_bytes(), name.as_bytes()]))
    }

    /// Opens what was sealed for that purpose.
    ///
    /// # Errors
    /// [`SealingError::KeyMissing`], [`SealingError::Broken`].
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, SealingError> {
        let signer = self.signer()?;
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealingError::Broken)?;
        let (version, rest) = bytes.split_first().ok_or(SealingError::Broken)?;
        let (salt, rest) = rest.split_first_chunk::<SALT_BYTES>().ok_or(SealingError::Broken)?;
        if *version != VERSION {
            return Err(SealingError::Broken);
        }
        let (key, nonce) = key_for(signer, purpose, salt)?;
        let mut rest = rest.to_vec();
        let opened = key.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut rest);
        let text = opened.map_err(|_| SealingError::Broken)?.to_vec();
        String::from_utf8(text).map_err(|_| SealingError::Broken)
    }
}

/// The key for one text. It is used once, so the nonce may be the same for all.
fn key_for(signer: &Signer, purpose: &str, salt: &[u8; SALT_BYTES]) -> Result<(LessSafeKey, Nonce), SealingError> {
    let key = signer.derive(&[b"sealing", purpose.as_bytes(), salt]);
    let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| SealingError::Broken)?;
    Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key([0; 12])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_sealed_is_opened_with_its_key_and_purpose_alone(text in ".{0,300}", flipped in any::<prop::sample::Index>()) {
            let sealer = Sealer::with_key(&[7; KEY_BYTES]);
            let sealed = sealer.seal("mail", &text).unwrap();
            prop_assert_eq!(sealer.open("mail", &sealed).unwrap(), text.as_str());
            prop_assert!(sealer.open("address", &sealed).is_err(), "another purpose");
            prop_assert!(Sealer::with_key(&[8; KEY_BYTES]).open("mail", &sealed).is_err(), "another key");
            prop_assert_ne!(sealer.seal("mail", &text).unwrap(), sealed.as_str(), "each time another");
            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            let at = flipped.index(bytes.len());
            bytes[at] ^= 1;
            prop_assert!(sealer.open("mail", &URL_SAFE_NO_PAD.encode(&bytes)).is_err(), "byte {} changed", at);
            bytes.truncate(at);
            prop_assert!(sealer.open("mail", &URL_SAFE_NO_PAD.encode(&bytes)).is_err(), "cut at {}", at);
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed_or_opened() {
        let sealed = Sealer::with_key(&[7; KEY_BYTES]).seal("mail", "text").unwrap();
        assert!(matches!(Sealer(None).seal("mail", "text"), Err(SealingError::KeyMissing)));
        assert!(matches!(Sealer(None).open("mail", &sealed), Err(SealingError::KeyMissing)));
    }

    #[test]
    fn nothing_of_what_was_sealed_is_to_be_seen() {
        let sealed = Sealer::with_key(&[7; KEY_BYTES]).seal("mail", "ann@example.org").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        assert!(!bytes.windows(3).any(|part| b"ann@example.org".windows(3).any(|plain| plain == part)));
        assert_eq!(bytes.len(), 1 + SALT_BYTES + "ann@example.org".len() + 16);
    }
}
