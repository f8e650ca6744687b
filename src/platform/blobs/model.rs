//! Blobs, their keys, buckets and digests, and why something can't be done with them.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::platform::{
    clock,
    codec::hex,
    error::{DomainError, Kind, StoreError},
    jobs::JobError,
    outbound::OutboundError,
    sealing::SealingError,
    token::{self, NoRandomness},
};

/// Blobs of one owner at most: what is theirs is added up for each upload.
pub(super) const MAX_OF_OWNER: i64 = 20_000;

/// Uploads of one owner that are expected at the same time, at most.
pub(super) const MAX_EXPECTED: i64 = 100;

/// What blobs are for, and how long they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// What people show: as long as something refers to it.
    Media,
    /// Recordings that people share: as long as something refers to it.
    Replays,
    /// What the program shows of other things, such as covers: as long as something refers to it.
    Assets,
    /// What is worked on: a day.
    Temporary,
    /// Files of saves that players keep: as long as something refers to it.
    Saves,
}

impl Bucket {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Media, Self::Replays, Self::Assets, Self::Temporary, Self::Saves];

    /// How long a blob is kept that nobody has given up; `None`: as long as something refers to it.
    #[must_use]
    pub fn lifetime(self) -> Option<Duration> {
        match self {
            Self::Media | Self::Replays | Self::Assets | Self::Saves => None,
            Self::Temporary => Some(Duration::from_hours(24)),
        }
    }

    /// Its name: of its folder, and in its keys at S3.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Replays => "replays",
            Self::Assets => "assets",
            Self::Temporary => "temporary",
            Self::Saves => "saves",
        }
    }

    /// Whether its blobs count towards what an owner may have. The others are counted by the feature that refers to them.
    #[must_use]
    pub fn counts_for_owner(self) -> bool {
        self != Self::Saves
    }

    /// The bucket of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// As it is stored.
    pub(super) fn number(self) -> i16 {
        match self {
            Self::Media => 0,
            Self::Replays => 1,
            Self::Assets => 2,
            Self::Temporary => 3,
            Self::Saves => 4,
        }
    }

    pub(super) fn stored(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.number() == number)
    }
}

/// The name of a blob: a UUID of version 7 in hexadecimal digits. It says when it was made, and can't be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobKey(String);

/// Hexadecimal digits of a key.
const KEY_DIGITS: usize = 32;

impl BlobKey {
    /// A new one.
    pub(super) fn draw() -> Result<Self, NoRandomness> {
        let now_ms = u64::try_from(clock::now_ms()).unwrap_or_default();
        let id = uuid::Builder::from_unix_timestamp_millis(now_ms, &token::bytes::<10>()?).into_uuid();
        Ok(Self(id.simple().to_string()))
    }

    /// The key of that text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == KEY_DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was made, in milliseconds since the Unix epoch.
    pub(super) fn created_ms(&self) -> i64 {
        self.0.get(..12).and_then(|digits| i64::from_str_radix(digits, 16).ok()).unwrap_or_default()
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 digest of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest that hexadecimal digits say.
    #[must_use]
    pub fn of_hex(text: &str) -> Option<Self> {
        hex::to_bytes(text)?.try_into().ok().map(Self)
    }

    /// The digest of a file, and its length. Blocks.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn of_file(path: &std::path::Path) -> io::Result<(Self, u64)> {
        let mut file = File::open(path)?;
        let (mut digest, mut length) = (Sha256::new(), 0_u64);
        let mut part = vec![0; 256 * 1024];
        loop {
            let read = file.read(&mut part)?;
            let Some(part) = part.get(..read).filter(|part| !part.is_empty()) else {
                return Ok((Self(digest.finalize().into()), length));
            };
            digest.update(part);
            length += u64::try_from(part.len()).unwrap_or(u64::MAX);
        }
    }

    /// The digest that base 64 says, as S3 writes it.
    #[must_use]
    pub fn of_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::of_bytes(&self.0)
    }

    /// In base 64, as S3 writes it.
    #[must_use]
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }
}

/// A blob that is to be stored.
#[derive(Clone, Debug)]
pub struct NewBlob {
    /// What it is for.
    pub bucket: Bucket,
    /// The id of the user whose quota it takes; `None`: the installation's own.
    pub owner: Option<String>,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub digest: Digest,
}

impl NewBlob {
    /// A blob of the bytes of a file.
    ///
    /// # Errors
    /// [`BlobError::Away`].
    pub async fn of_file(
        bucket: Bucket,
        owner: Option<String>,
        media_type: &str,
        file: &std::path::Path,
    ) -> Result<Self, BlobError> {
        let file = file.to_owned();
        let read = tokio::task::spawn_blocking(move || Digest::of_file(&file)).await;
        let read = read.map_err(|error| BlobError::away(&error))?;
        let (digest, bytes) = read.map_err(|error| BlobError::away(&error))?;
        Ok(Self { bucket, owner, media_type: media_type.to_owned(), bytes, digest })
    }
}

/// A blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub key: BlobKey,
    /// What it is for.
    pub bucket: Bucket,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub digest: Digest,
}

/// A request that whoever holds it may make as it stands: all of the headers are signed.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// The URL. A credential: it is not logged.
    pub url: String,
    /// The headers to send, beside `Host` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// Until when it can begin, in milliseconds since the Unix epoch.
    pub expires_ms: i64,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}

/// Why something can't be done with blobs.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// Instances don't have the same blobs.
    #[error("Uploads are off on this server: its instances have no storage in common.")]
    NotShared,
    /// There is no secret key.
    #[error("This server has no secret key, which uploads need.")]
    KeyMissing,
    /// The owner's blobs take as much as they may.
    #[error("Your files may take {0} bytes, and this one finds no room.")]
    OwnerFull(u64),
    /// The owner has as many blobs as one may.
    #[error("You may have {MAX_OF_OWNER} files, and have as many.")]
    TooMany,
    /// The owner has asked for as many uploads as one may at once.
    #[error("You have asked for {MAX_EXPECTED} uploads that have not come: finish some first.")]
    TooManyExpected,
    /// All blobs together take as much as they may.
    #[error("This server has no room for more files.")]
    Full,
    /// The signature is not that of the request.
    #[error(
        "The signature does not fit the request: its path, its headers and its length must be those that were signed."
    )]
    SignatureWrong,
    /// The signature was valid once.
    #[error("The signed address has expired: ask for another.")]
    Expired,
    /// The headers that are signed are missing.
    #[error("An upload needs {0}.")]
    HeaderMissing(&'static str),
    /// There is no such blob.
    #[error("There is no such file.")]
    NotFound,
    /// It was uploaded already.
    #[error("This file was uploaded already, and nothing replaces it.")]
    Done,
    /// The body ended early, or went on.
    #[error("The body has not the length that was announced.")]
    Cut,
    /// The body is larger than one may be.
    #[error("The body is larger than {0} bytes.")]
    TooLarge(u64),
    /// The body is another one than was announced.
    #[error("The body has not the SHA-256 digest that was announced.")]
    DigestWrong,
    /// The folder or the store can't be reached, or can't store.
    #[error("The storage of files is not available now. Try again.")]
    Away,
    /// `BLOBS_URL` can't be used.
    #[error("BLOBS_URL: {0}")]
    Url(OutboundError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BlobError {
    /// [`BlobError::Away`], with its cause in the log.
    pub fn away(cause: &dyn fmt::Display) -> Self {
        tracing::warn!(error = %cause, "the storage of files failed");
        Self::Away
    }
}

impl From<SealingError> for BlobError {
    fn from(error: SealingError) -> Self {
        match error {
            SealingError::NoRandomness(error) => error.into(),
            SealingError::KeyMissing | SealingError::Broken => Self::KeyMissing,
        }
    }
}

impl From<OutboundError> for BlobError {
    fn from(error: OutboundError) -> Self {
        Self::away(&error)
    }
}

impl From<BlobError> for JobError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Store(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl DomainError for BlobError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::NotShared => (Kind::Unavailable, "blobs_not_shared"),
            Self::KeyMissing => (Kind::Unavailable, "sealing_key_missing"),
            Self::OwnerFull(_) | Self::TooMany => (Kind::Conflict, "files_full"),
            Self::TooManyExpected => (Kind::Conflict, "too_many_uploads"),
            Self::Full => (Kind::Unavailable, "storage_full"),
            Self::SignatureWrong => (Kind::Forbidden, "signature_wrong"),
            Self::Expired => (Kind::Forbidden, "signature_expired"),
            Self::HeaderMissing(_) => (Kind::Malformed, "upload_header_missing"),
            Self::NotFound => (Kind::NotFound, "file_not_found"),
            Self::Done => (Kind::PreconditionFailed, "upload_done"),
            Self::Cut => (Kind::Malformed, "body_broken"),
            Self::TooLarge(_) => (Kind::TooLarge, "body_too_large"),
            Self::DigestWrong => (Kind::Malformed, "digest_wrong"),
            Self::Away => (Kind::Unavailable, "blobs_away"),
            Self::Url(_) | Self::NoRandomness(_) => (Kind::Internal, "internal"),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_when_it_was_made_and_no_other_text_is_one() {
        let (before, key) = (clock::now_ms(), BlobKey::draw().unwrap());
        assert!((before..=clock::now_ms()).contains(&key.created_ms()));
        assert_eq!(BlobKey::parse(key.as_str()), Some(key.clone()));
        let text = key.as_str();
        for other in ["", "../../../../../../../../etc/passwd", &text[1..], &format!("{text}0"), &text.to_uppercase()] {
            assert!(other == text || BlobKey::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn buckets_are_found_by_their_names_and_numbers() {
        for bucket in Bucket::ALL {
            assert_eq!(Bucket::named(bucket.name()), Some(bucket));
            assert_eq!(Bucket::stored(bucket.number()), Some(bucket));
        }
        assert_eq!((Bucket::named("Media"), Bucket::stored(5)), (None, None));
    }
}
