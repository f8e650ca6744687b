//! Links to blobs: each is a credential by itself, until it expires or is ended.

use std::time::Duration;

use super::{Blob, BlobError, BlobKey, Blobs, Bucket, Signed};
use crate::platform::{clock, db::DatabaseTransaction};

/// For how long a link to a blob works at least; at most twice as long. Until then it stays the same, so that browsers keep the file.
const LINK: Duration = Duration::from_hours(1);

impl Blobs {
    /// A link to a blob, for whoever may have it: it is a credential by itself for an hour or two.
    ///
    /// # Errors
    /// [`BlobError::KeyMissing`].
    pub fn link(&self, bucket: Bucket, key: &BlobKey, media_type: &str) -> Result<(String, i64), BlobError> {
        self.link_of_turn(bucket, key, media_type, 0)
    }

    /// The same, of a blob whose links were ended so often ([`Blobs::end_links`]).
    ///
    /// # Errors
    /// [`BlobError::KeyMissing`].
    pub fn link_of_turn(
        &self,
        bucket: Bucket,
        key: &BlobKey,
        media_type: &str,
        turn: i16,
    ) -> Result<(String, i64), BlobError> {
        let (now_ms, step_ms) = (clock::now_ms(), clock::ms(LINK));
        let begun_ms = now_ms - now_ms.rem_euclid(step_ms);
        // The turn is what the expiry, which is signed, is beyond the hour.
        let expires_ms = begun_ms.saturating_add(2 * step_ms).saturating_add(turn.into());
        let link = self.0.bytes.sign_get(&self.0.signer, (bucket, key, media_type), (begun_ms, expires_ms))?;
        Ok((link, expires_ms))
    }

    /// The blob that a link to this program names, if its signature is right.
    ///
    /// # Errors
    /// [`BlobError::SignatureWrong`], [`BlobError::Expired`], [`BlobError::NotFound`], or another.
    pub async fn linked(&self, bucket: Bucket, key: &BlobKey, signed: &Signed) -> Result<Blob, BlobError> {
        self.check()?;
        self.0.signer.verify_get(bucket, key, signed, clock::now_ms())?;
        let found = self.0.store.find(key).await?.ok_or(BlobError::NotFound)?;
        if found.nonce.is_some() || found.blob.bucket != bucket {
            return Err(BlobError::NotFound);
        }
        if signed.expires_ms.rem_euclid(clock::ms(LINK)) == i64::from(found.turn) {
            Ok(found.blob)
        } else {
            Err(BlobError::Expired)
        }
    }

    /// Has the links to blobs that were given out work no longer, in the caller's transaction; from now on those of `turn` do, which is
    /// another each time. Links that lead past this program, to an object store, work until they expire.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn end_links(
        &self,
        transaction: &DatabaseTransaction,
        keys: &[BlobKey],
        turn: i16,
    ) -> Result<(), BlobError> {
        for key in keys {
            self.0.store.set_turn(transaction, key, turn).await?;
        }
        Ok(())
    }
}
