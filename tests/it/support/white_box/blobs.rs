//! Uploads that no route asks for.

use cairn::platform::blobs::{Blob, BlobError, BlobKey, Blobs, Bucket, Digest, NewBlob, SignedRequest};
use sha2::{Digest as _, Sha256};

use super::Cairn;

impl Cairn {
    pub fn blobs(&self) -> &Blobs {
        &self.services().blobs
    }

    /// Asks for an upload of these bytes.
    pub async fn expect_upload(&self, owner: Option<&str>, bytes: &[u8]) -> Result<SignedRequest, BlobError> {
        self.expect_upload_of(owner, u64::try_from(bytes.len()).unwrap(), Sha256::digest(bytes).into()).await
    }

    /// The same, of bytes that are not at hand.
    pub async fn expect_upload_of(
        &self,
        owner: Option<&str>,
        bytes: u64,
        digest: [u8; 32],
    ) -> Result<SignedRequest, BlobError> {
        let new = NewBlob {
            bucket: Bucket::Media,
            owner: owner.map(str::to_owned),
            media_type: "image/png".to_owned(),
            bytes,
            digest: Digest(digest),
        };
        let control = self.services().database.control();
        let transaction = control.begin().await?;
        let expected = self.blobs().expect(&transaction, new).await?;
        control.commit(transaction).await?;
        self.blobs().sign_upload(expected).await
    }

    /// The blob that an upload has brought, once it has.
    pub async fn uploaded(&self, upload: &SignedRequest) -> Option<Blob> {
        let path = upload.url.split('?').next().unwrap();
        self.blobs().find(&BlobKey::parse(path.rsplit_once('/').unwrap().1).unwrap()).await.unwrap()
    }

    /// Gives a blob up.
    pub async fn release_blob(&self, blob: &Blob) {
        let control = self.services().database.control();
        let transaction = control.begin().await.unwrap();
        self.blobs().release(&transaction, std::slice::from_ref(&blob.key)).await.unwrap();
        control.commit(transaction).await.unwrap();
    }
}
