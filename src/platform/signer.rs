//! Signatures that are verified without the database: HMAC-SHA-256 (RFC 2104), truncated to 128 bits (RFC 2104, 5),
//! with a secret of this installation.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac, digest::common::Key};
use sha2::Sha256;

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 16;

/// Signs with one secret. Cheap to clone.
#[derive(Clone)]
pub struct Signer(Hmac<Sha256>);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// A signer with that secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        // A key shorter than a block is padded with zeros (RFC 2104, 2).
        let mut key = Key::<Hmac<Sha256>>::default();
        for (place, byte) in key.iter_mut().zip(secret) {
            *place = *byte;
        }
        Self(Hmac::new(&key))
    }

    /// The signature of these bytes.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let whole: [u8; 32] = self.0.clone().chain_update(bytes).finalize().into_bytes().into();
        whole.first_chunk().copied().unwrap_or_default()
    }

    /// A secret that only the holder of this one can derive from these parts, and that does not tell them. In front of each part
    /// stands its length, so that different parts give different secrets.
    #[must_use]
    pub fn derive(&self, parts: &[&[u8]]) -> [u8; 32] {
        let of_part = |hmac: Hmac<Sha256>, part: &&[u8]| {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hmac.chain_update(length.to_be_bytes()).chain_update(part)
        };
        parts.iter().fold(self.0.clone(), of_part).finalize().into_bytes().into()
    }

    /// Whether that is the signature of these bytes, in constant time.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.0.clone().chain_update(bytes).verify_truncated_left(signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_is_verified() {
        let signer = Signer::new(&[7; 32]);
        let signature = signer.sign(b"moss");
        assert!(signer.verify(b"moss", &signature));
        assert!(!signer.verify(b"mosS", &signature));
        assert!(!Signer::new(&[8; 32]).verify(b"moss", &signature));
        for bit in 0..128 {
            let mut other = signature;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!signer.verify(b"moss", &other), "bit {bit}");
        }
    }

    #[test]
    fn different_parts_give_different_secrets() {
        let signer = Signer::new(&[7; 32]);
        let secrets = [&[&b"ab"[..], b"c"][..], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""], &[]];
        let derived: std::collections::BTreeSet<[u8; 32]> = secrets.iter().map(|parts| signer.derive(parts)).collect();
        assert_eq!(derived.len(), secrets.len());
        assert_eq!(signer.derive(&[b"a"]), signer.derive(&[b"a"]));
        assert_ne!(signer.derive(&[b"a"]), Signer::new(&[8; 32]).derive(&[b"a"]));
    }

    /// RFC 4231, test case 2: a key shorter than a block is padded with zeros.
    #[test]
    fn it_is_the_hmac_that_others_compute() {
        let mut secret = [0; 32];
        secret[..4].copy_from_slice(b"Jefe");
        let expected = [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7];
        assert_eq!(Signer::new(&secret).sign(b"what do ya want for nothing?"), expected);
    }
}
