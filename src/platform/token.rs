//! Secrets that are drawn, not chosen: what opens a session, what stands in a letter. Only their digests are kept.
//!
//! A secret is found by its digest. What the time of such a look may tell is something about the digest of a guess, and
//! who could use that could turn SHA-256 around; so nothing need be compared in constant time. Drawn secrets have too many
//! bits to be tried out, so a digest needs no salt and no slowness either.

use sha2::{Digest, Sha256};

use super::{codec::hex, secret::Secret};

/// The system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// A secret of so many random bytes, in hexadecimal digits.
///
/// # Errors
/// The system gives no random bytes.
pub fn draw<const BYTES: usize>() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(hex::of_bytes(&bytes::<BYTES>()?)))
}

/// So many random bytes.
///
/// # Errors
/// The system gives none.
pub fn bytes<const BYTES: usize>() -> Result<[u8; BYTES], NoRandomness> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The symbols of [`random_text`]: Crockford's base 32, small, without letters that are taken for digits. They need no
/// escaping anywhere, and a double click marks them whole.
pub const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text of so many [`SYMBOLS`]: 5 random bits each.
///
/// # Errors
/// The system gives no random bytes.
pub fn random_text(symbols: usize) -> Result<String, NoRandomness> {
    let mut bytes = vec![0; symbols];
    getrandom::fill(&mut bytes)?;
    let symbol = |byte: u8| SYMBOLS.get(usize::from(byte % 32)).map(|symbol| char::from(*symbol));
    Ok(bytes.into_iter().filter_map(symbol).collect())
}

/// What is kept of a secret.
#[must_use]
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_all_its_bytes_and_is_drawn_once() {
        let (one, other) = (draw::<32>().unwrap(), draw::<32>().unwrap());
        assert_eq!(one.expose().len(), 64);
        assert_ne!(one, other);
    }
}
