//! Versions that wait for uploads.

use std::collections::HashMap;

use poem_openapi::{ApiResponse, Object, types::Example};

use super::VersionResponse;
use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    journal::{
        examples::TIME_MS,
        saves::{
            examples,
            model::{Asked, VersionState},
        },
    },
    platform::blobs::SignedRequest,
};

/// The request that uploads a file. Its address is a credential.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "SaveUpload")]
pub struct UploadResponse {
    /// The SHA-256 digest of the file.
    #[oai(validator(min_length = 64, max_length = 64))]
    sha256: String,
    /// Always `PUT`.
    method: String,
    /// The address.
    url: String,
    /// The headers to send, beside `Content-Length`. All are signed.
    headers: HashMap<String, String>,
    /// Until when the upload can begin.
    expires_at: Timestamp,
}

impl UploadResponse {
    fn new(sha256: String, upload: SignedRequest) -> Self {
        let headers = upload.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (url, expires_at) = (upload.url, Timestamp(upload.expires_ms));
        Self { sha256, method: "PUT".to_owned(), url, headers, expires_at }
    }
}

impl Example for UploadResponse {
    fn example() -> Self {
        let headers = [("Content-Type", "application/octet-stream"), ("If-None-Match", "*")];
        let url = "https://cairn.example/blobs/saves/0193702d9c4e7a10b5d2c3e4f5a60718?expires=1795248900000&nonce=5f0c91d24a80b17e5f0c91d24a80b17e&signature=4a5f0c91d2e80b174a5f0c91d2e80b17";
        Self {
            sha256: examples::SHA256.to_owned(),
            method: "PUT".to_owned(),
            url: url.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            expires_at: Timestamp(TIME_MS + 900_000),
        }
    }
}

/// A version, and the uploads that it waits for.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "AskedSave")]
pub struct AskedResponse {
    /// The version. It counts once all of its files have arrived; where nothing is missing, at once.
    version: VersionResponse,
    /// Uploads to make: a file that you have stored before, in whatever save, needs none. At most 100.
    uploads: Vec<UploadResponse>,
    /// How many files are missing. If they are more than these uploads, make these and ask for the others.
    missing: u64,
}

impl From<Asked> for AskedResponse {
    fn from(Asked { version, uploads, missing }: Asked) -> Self {
        let uploads = uploads.into_iter().map(|(digest, upload)| UploadResponse::new(digest.to_hex(), upload));
        Self {
            version: version.into(),
            uploads: uploads.collect(),
            missing: u64::try_from(missing).unwrap_or(u64::MAX),
        }
    }
}

impl Example for AskedResponse {
    fn example() -> Self {
        let uploading =
            VersionResponse { state: OneOf(VersionState::Uploading), finished_at: None, ..VersionResponse::example() };
        Self { version: uploading, uploads: vec![UploadResponse::example()], missing: 1 }
    }
}

/// The answer to a new version.
#[derive(ApiResponse)]
pub enum VersionAsked {
    /// It waits for its uploads, or counts.
    #[oai(status = 201)]
    Created(NoStore<AskedResponse>),
}

/// The answer with further addresses.
#[derive(ApiResponse)]
pub enum UploadsGiven {
    /// The uploads.
    #[oai(status = 200)]
    Given(NoStore<AskedResponse>),
}

/// The answer to a restored version.
#[derive(ApiResponse)]
pub enum VersionRestored {
    /// It counts.
    #[oai(status = 201)]
    Created(NoStore<VersionResponse>),
}
