//! Random secrets: session tokens, codes sent by email. Only their digests are stored.
//!
//! A secret is looked up by its digest. The timing of a lookup can tell something about the digest of a guess, which is
//! of use only to someone who can invert SHA-256, so comparisons need not take constant time. Random secrets have too
//! many bits to be guessed, so their digests need neither a salt nor a slow hash.

use sha2::{Digest, Sha256};

use super::{codec::hex, secret::Secret};

/// The system's random source failed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// A secret of `BYTES` random bytes, in hexadecimal digits.
///
/// # Errors
/// The system gives no random bytes.
pub fn draw<const BYTES: usize>() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(hex::of_bytes(&bytes::<BYTES>()?)))
}

/// Random bytes.
///
/// # Errors
/// The system gives no random bytes.
pub fn bytes<const BYTES: usize>() -> Result<[u8; BYTES], NoRandomness> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The symbols of [`random_text`]: Crockford's base 32 in lower case, without letters that look like digits. They need
/// no escaping anywhere, and a double click selects them all.
pub const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A random text of that many [`SYMBOLS`], of 5 bits each.
///
/// # Errors
/// The system gives no random bytes.
pub fn random_text(symbols: usize) -> Result<String, NoRandomness> {
    let mut bytes = vec![0; symbols];
    getrandom::fill(&mut bytes)?;
    let symbol = |byte: u8| SYMBOLS.get(usize::from(byte % 32)).map(|symbol| char::from(*symbol));
    Ok(bytes.into_iter().filter_map(symbol).collect())
}

/// The SHA-256 digest of a secret.
#[must_use]
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// The SHA-256 digest of several parts. In front of each stands its length, so that different parts have different digests.
#[must_use]
pub fn digest_of_parts(parts: &[&[u8]]) -> [u8; 32] {
    let of_part = |digest: Sha256, part: &&[u8]| {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        digest.chain_update(length.to_be_bytes()).chain_update(part)
    };
    parts.iter().fold(Sha256::new(), of_part).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_parts_have_different_digests() {
        assert_eq!(digest_of_parts(&[b"a", b"b"]), digest_of_parts(&[b"a", b"b"]));
        for other in [&[&b"ab"[..]][..], &[b"ab", b""], &[b"", b"ab"], &[b"b", b"a"]] {
            assert_ne!(digest_of_parts(&[b"a", b"b"]), digest_of_parts(other));
        }
    }

    #[test]
    fn a_secret_has_all_its_bytes_and_differs_from_the_next() {
        let (one, other) = (draw::<32>().unwrap(), draw::<32>().unwrap());
        assert_eq!(one.expose().len(), 64);
        assert_ne!(one, other);
    }
}
