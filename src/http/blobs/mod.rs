//! Uploads and downloads of blobs that come to this server: `/blobs/{bucket}/{key}`, with a query that was signed for one request.
//! Whoever has such an address may use it until it expires; it is never logged. An S3-compatible store takes the same requests.

mod download;
mod range;
mod upload;

use poem_openapi::{OpenApi, Tags, param::Path};

use self::{
    download::{BlobAnswer, DownloadQuery},
    upload::{Stored, Upload, UploadQuery},
};
pub use self::{
    download::{Download, tag},
    upload::{UploadStream, no_room},
};
use super::{
    failure::{Failure, Forbidden, NotFound, PreconditionFailed},
    params::{self, Params},
    problem::Problem,
};
use crate::platform::blobs::{BlobError, BlobKey, Blobs, Bucket, UploadTerms};

/// Single steps, for fuzzing.
pub mod steps {
    use super::{DownloadQuery, UploadQuery, params};
    use crate::http::params::UriReader;

    /// The sets of query parameters here.
    pub const URI_READERS: &[UriReader] = &[
        ("UploadQuery", |uri| params::read::<UploadQuery>(uri).is_ok()),
        ("DownloadQuery", |uri| params::read::<DownloadQuery>(uri).is_ok()),
    ];
}

/// A chapter of the description.
#[derive(Tags)]
enum Tag {
    /// Uploads and downloads by addresses that other routes have signed.
    Files,
}

/// The routes of blobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BlobsApi {
    /// The mechanism.
    pub blobs: Blobs,
}

fn name(bucket: &str, key: &str) -> Result<(Bucket, BlobKey), BlobError> {
    Bucket::named(bucket).zip(BlobKey::parse(key)).ok_or(BlobError::NotFound)
}

#[OpenApi(tag = "Tag::Files")]
impl BlobsApi {
    /// Upload a file
    ///
    /// With an address that was signed for it. Method, path, query and the headers named here must be those that were signed, and the
    /// body must have the length and the digest that were announced. An upload that was cut may be made again until the address
    /// expires; once it has succeeded, nothing replaces it (412). At least 16384 bytes must come each second (`upload_rate`).
    #[oai(path = "/blobs/:bucket/:key", method = "put", operation_id = "uploadFile")]
    async fn upload(
        &self,
        /// The bucket.
        #[oai(example = "example_bucket")]
        bucket: Path<String>,
        /// The name of the file.
        #[oai(example = "example_key")]
        key: Path<String>,
        query: Params<UploadQuery>,
        upload: Upload,
    ) -> Result<Stored, Failure<(Forbidden, NotFound, PreconditionFailed)>> {
        let ((bucket, key), UploadQuery { signed, nonce }) = (name(&bucket.0, &key.0)?, query.0);
        let (media_type, bytes, digest) = (upload.media_type.clone(), upload.bytes, upload.digest);
        let signed = signed.ok_or(BlobError::SignatureWrong)?;
        let terms = UploadTerms { bucket, key, media_type, bytes, digest, nonce, signed };
        let limits = self.blobs.upload_limits();
        let share = limits.in_progress.take(upload.from, 1).ok_or_else(upload::no_room)?;
        let receiving = self.blobs.begin_upload(&terms).await?;
        let received = upload.receive(receiving, limits.least_rate).await?;
        self.blobs.finish_upload(received, &terms.nonce).await?;
        drop(share);
        Ok(Stored::Done)
    }

    /// Download a file
    ///
    /// With an address that was signed for it. Ranges and conditional requests are answered; the content never changes.
    #[oai(path = "/blobs/:bucket/:key", method = "get", operation_id = "downloadFile")]
    async fn download(
        &self,
        /// The bucket.
        #[oai(example = "example_bucket")]
        bucket: Path<String>,
        /// The name of the file.
        #[oai(example = "example_key")]
        key: Path<String>,
        query: Params<DownloadQuery>,
        download: Download,
    ) -> Result<BlobAnswer, Failure<(Forbidden, NotFound)>> {
        let (bucket, key) = name(&bucket.0, &key.0)?;
        let signed = query.0.signed.ok_or(BlobError::SignatureWrong)?;
        let blob = self.blobs.linked(bucket, &key, &signed).await?;
        download.answer(&self.blobs, &blob).await.map_err(|error| Problem::from(error).into())
    }
}

fn example_bucket() -> String {
    Bucket::Temporary.name().to_owned()
}

fn example_key() -> String {
    "0193702d9c4e7a10b5d2c3e4f5a60718".to_owned()
}
