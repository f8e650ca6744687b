//! Taking in what nobody has announced: its bytes first, and then its row.

use super::{
    Arrival, Blob, BlobError, Blobs, Bucket, DatabaseTransaction, Intake, folder::Folder, object_store::Bytestore,
};

impl Blobs {
    /// Begins to take in something of which nobody has said what it will be, of `most` bytes at most. It goes to the disk as it comes.
    ///
    /// # Errors
    /// [`BlobError::NotShared`].
    pub fn begin_intake(&self, bucket: Bucket, most: u64) -> Result<Intake, BlobError> {
        self.check()?;
        let folder = match &self.0.bytes {
            Bytestore::Folder(folder) => folder.clone(),
            Bytestore::S3(_) => Folder::at(&self.0.settings.scratch),
        };
        Intake::begin(folder, bucket, most)
    }

    /// Puts what has arrived into its place. It is an orphan until it is recorded ([`Blobs::record`]), which must be within a day.
    ///
    /// # Errors
    /// [`BlobError::Away`].
    pub async fn place(&self, arrival: Arrival) -> Result<Blob, BlobError> {
        let blob = arrival.blob.clone();
        match &self.0.bytes {
            Bytestore::Folder(_) => arrival.keep().await?,
            Bytestore::S3(_) => self.0.bytes.put(&blob, arrival.path()).await?,
        }
        self.0.metrics.stored("taken_in");
        Ok(blob)
    }

    /// Writes the row of a blob that lies in its place, in the transaction of what refers to it.
    ///
    /// # Errors
    /// [`BlobError::Full`], a quota of the owner, or [`BlobError::Store`].
    pub async fn record(
        &self,
        transaction: &DatabaseTransaction,
        blob: &Blob,
        owner: Option<&str>,
    ) -> Result<(), BlobError> {
        self.0.store.record(transaction, blob, owner, self.0.settings.quotas).await
    }

    /// Removes what lies in its place and was not recorded.
    pub async fn discard(&self, blob: &Blob) {
        if let Err(error) = self.0.bytes.delete(blob.bucket, &blob.key).await {
            // It is an orphan, which is removed in a day.
            tracing::warn!(%error, "removing a file that is not needed failed");
        }
    }
}
