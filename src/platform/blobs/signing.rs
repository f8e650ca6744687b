//! The signatures of requests about blobs that come to this program: HMAC over all that they are about.

use super::{
    model::{Blob, BlobError, BlobKey, Bucket, Digest, SignedRequest},
    store::Expectation,
};
use crate::platform::{
    codec::hex,
    sealing::Sealer,
    signer::{SIGNATURE_BYTES, Signer},
};

/// What the query of a signed URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Until when it is valid, in milliseconds since the Unix epoch.
    pub expires_ms: i64,
    /// The signature.
    pub signature: [u8; SIGNATURE_BYTES],
}

impl Signed {
    /// The signature that hexadecimal digits say.
    #[must_use]
    pub fn of_hex(expires_ms: i64, signature: &str) -> Option<Self> {
        Some(Self { expires_ms, signature: hex::to_bytes(signature)?.try_into().ok()? })
    }
}

/// An upload as a request says it.
#[derive(Clone, Debug)]
pub struct UploadTerms {
    /// The bucket.
    pub bucket: Bucket,
    /// The key.
    pub key: BlobKey,
    /// The `Content-Type`.
    pub media_type: String,
    /// The `Content-Length`.
    pub bytes: u64,
    /// The digest.
    pub digest: Digest,
    /// What makes it an upload that is made once.
    pub nonce: String,
    /// The rest of the query.
    pub signed: Signed,
}

/// Signs and verifies. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct UrlSigner {
    signer: Option<Signer>,
    public_url: String,
}

/// All that a signature is over. In front of each part stands its length.
fn signed_bytes(method: &str, bucket: Bucket, key: &BlobKey, expires_ms: i64, more: &[&[u8]]) -> Vec<u8> {
    let expires = expires_ms.to_be_bytes();
    let parts = [method.as_bytes(), bucket.name().as_bytes(), key.as_str().as_bytes(), &expires];
    let mut bytes = Vec::with_capacity(256);
    for part in parts.iter().chain(more) {
        bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

fn put_bytes(blob: (Bucket, &BlobKey, &str, u64, Digest), nonce: &str, expires_ms: i64) -> Vec<u8> {
    let (bucket, key, media_type, bytes, digest) = blob;
    let more: [&[u8]; 4] = [media_type.as_bytes(), &bytes.to_be_bytes(), &digest.0, nonce.as_bytes()];
    signed_bytes("PUT", bucket, key, expires_ms, &more)
}

impl UrlSigner {
    pub fn new(sealer: &Sealer, public_url: &str) -> Self {
        let secret = sealer.derive("blobs", "signed URLs").ok();
        Self { signer: secret.map(|secret| Signer::new(&secret)), public_url: public_url.to_owned() }
    }

    pub fn check(&self) -> Result<(), BlobError> {
        self.signer().map(drop)
    }

    fn signer(&self) -> Result<&Signer, BlobError> {
        self.signer.as_ref().ok_or(BlobError::KeyMissing)
    }

    pub fn sign_put(&self, expectation: &Expectation) -> Result<SignedRequest, BlobError> {
        let Expectation { blob, nonce, expires_ms } = expectation;
        let signed = put_bytes((blob.bucket, &blob.key, &blob.media_type, blob.bytes, blob.digest), nonce, *expires_ms);
        let signature = hex::of_bytes(&self.signer()?.sign(&signed));
        let (base, bucket, key) = (&self.public_url, blob.bucket.name(), &blob.key);
        let url = format!("{base}/blobs/{bucket}/{key}?expires={expires_ms}&nonce={nonce}&signature={signature}");
        Ok(SignedRequest { url, headers: upload_headers(blob), expires_ms: *expires_ms })
    }

    pub fn verify_put(&self, terms: &UploadTerms, now_ms: i64) -> Result<(), BlobError> {
        let UploadTerms { bucket, key, media_type, bytes, digest, nonce, signed } = terms;
        let over = put_bytes((*bucket, key, media_type, *bytes, *digest), nonce, signed.expires_ms);
        self.verify(&over, signed, now_ms)
    }

    pub fn sign_get(&self, bucket: Bucket, key: &BlobKey, expires_ms: i64) -> Result<String, BlobError> {
        let signature = hex::of_bytes(&self.signer()?.sign(&signed_bytes("GET", bucket, key, expires_ms, &[])));
        let (base, bucket) = (&self.public_url, bucket.name());
        Ok(format!("{base}/blobs/{bucket}/{key}?expires={expires_ms}&signature={signature}"))
    }

    pub fn verify_get(&self, bucket: Bucket, key: &BlobKey, signed: &Signed, now_ms: i64) -> Result<(), BlobError> {
        self.verify(&signed_bytes("GET", bucket, key, signed.expires_ms, &[]), signed, now_ms)
    }

    /// Of a wrong signature that has expired nothing is told but that it is wrong.
    fn verify(&self, over: &[u8], signed: &Signed, now_ms: i64) -> Result<(), BlobError> {
        if !self.signer()?.verify(over, &signed.signature) {
            return Err(BlobError::SignatureWrong);
        }
        if signed.expires_ms <= now_ms { Err(BlobError::Expired) } else { Ok(()) }
    }
}

/// The headers of an upload, beside those that every client sends.
pub(super) fn upload_headers(blob: &Blob) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Type", blob.media_type.clone()),
        ("If-None-Match", "*".to_owned()),
        ("x-amz-checksum-sha256", blob.digest.to_base64()),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(digit: char) -> BlobKey {
        BlobKey::parse(&digit.to_string().repeat(32)).unwrap()
    }

    fn terms() -> UploadTerms {
        let signed = Signed { expires_ms: 1000, signature: [0; SIGNATURE_BYTES] };
        let (bucket, media_type) = (Bucket::Temporary, "image/png".to_owned());
        let (bytes, digest, nonce) = (7, Digest([1; 32]), "ab".to_owned());
        UploadTerms { bucket, key: key('a'), media_type, bytes, digest, nonce, signed }
    }

    fn signer(secret: u8) -> UrlSigner {
        UrlSigner::new(&Sealer::with_key(&[secret; 32]), "https://cairn.example")
    }

    fn signed() -> UploadTerms {
        let UploadTerms { bucket, key, media_type, bytes, digest, nonce, .. } = terms();
        let blob = Blob { key, bucket, media_type, bytes, digest };
        let request = signer(1).sign_put(&Expectation { blob, nonce, expires_ms: 1000 }).unwrap();
        let signature = request.url.rsplit_once('=').unwrap().1;
        UploadTerms { signed: Signed::of_hex(1000, signature).unwrap(), ..terms() }
    }

    #[test]
    fn nothing_of_a_signed_upload_can_be_another() {
        let right = signed();
        assert!(signer(1).verify_put(&right, 999).is_ok());
        assert!(matches!(signer(1).verify_put(&right, 1000), Err(BlobError::Expired)));
        let later = Signed { expires_ms: 1001, ..right.signed.clone() };
        for (what, other) in [
            ("bucket", UploadTerms { bucket: Bucket::Media, ..right.clone() }),
            ("key", UploadTerms { key: key('b'), ..right.clone() }),
            ("type", UploadTerms { media_type: "image/gif".to_owned(), ..right.clone() }),
            ("length", UploadTerms { bytes: 8, ..right.clone() }),
            ("digest", UploadTerms { digest: Digest([2; 32]), ..right.clone() }),
            ("nonce", UploadTerms { nonce: "ac".to_owned(), ..right.clone() }),
            ("expiry", UploadTerms { signed: later, ..right.clone() }),
        ] {
            assert!(matches!(signer(1).verify_put(&other, 999), Err(BlobError::SignatureWrong)), "{what}");
        }
        assert!(matches!(signer(2).verify_put(&right, 999), Err(BlobError::SignatureWrong)), "another key");
        assert!(signer(1).verify_get(right.bucket, &right.key, &right.signed, 999).is_err(), "another method");
    }

    proptest! {
        #[test]
        fn a_forged_signature_is_refused(byte in 0..SIGNATURE_BYTES, bit in 0..8_u32) {
            let mut forged = signed();
            forged.signed.signature[byte] ^= 1_u8 << bit;
            prop_assert!(matches!(signer(1).verify_put(&forged, 999), Err(BlobError::SignatureWrong)));
        }
    }
}
