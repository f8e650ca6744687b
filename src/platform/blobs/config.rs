//! The settings of blobs.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

use super::s3::S3Url;
use crate::platform::{
    config::{OutOfRange, Section, within},
    network_shares::NetworkShares,
    secret::Secret,
};

/// The settings of blobs: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct BlobsConfig {
    /// Where they lie; empty: in the data folder.
    pub blobs_url: Secret,
    blobs_shared: bool,
    blobs_bytes: u64,
    user_blobs_bytes: u64,
    blobs_accel: String,
    upload_secs: u64,
    upload_rate: u64,
    uploads: u64,
    address_uploads: u64,
}

/// Where blobs lie.
#[derive(Clone, Debug)]
pub enum Target {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket of an S3-compatible store.
    S3(S3Url),
}

/// What blobs may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotas {
    /// Bytes of all; 0: no bound.
    pub all: u64,
    /// Bytes of one owner; 0: no bound.
    pub owner: u64,
}

/// The bounds of uploads that come to this program. Cheap to clone.
#[derive(Clone, Debug)]
pub struct UploadLimits {
    /// Uploads in progress, of all and of each network.
    pub in_progress: NetworkShares,
    /// Bytes that must come each second; 0: no bound.
    pub least_rate: u64,
}

/// How blobs are kept.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) target: Target,
    /// Whether all instances have the same blobs.
    pub(super) is_usable: bool,
    pub(super) public_url: String,
    pub(super) quotas: Quotas,
    pub(super) accel_prefix: String,
    pub(super) upload_lifetime: Duration,
    pub(super) uploads: UploadLimits,
    /// For copies that are worked on.
    pub(super) scratch: PathBuf,
}

/// The largest quota that a setting can say.
const MOST_BYTES: u64 = 1_000_000_000_000_000;

/// One network may have a quarter of what is free at most, so there must be a few.
const LEAST_UPLOADS: u64 = 4;

impl BlobsConfig {
    /// The settings of blobs at that target, where this server has the database to itself or not.
    #[must_use]
    pub fn settings(&self, target: Target, is_alone: bool, public_url: &str, data: &std::path::Path) -> Settings {
        let is_usable = is_alone || self.blobs_shared || matches!(target, Target::S3(_));
        let uploads = UploadLimits {
            in_progress: NetworkShares::of_total(self.uploads, self.address_uploads),
            least_rate: self.upload_rate,
        };
        Settings {
            target,
            is_usable,
            public_url: public_url.to_owned(),
            quotas: Quotas { all: self.blobs_bytes, owner: self.user_blobs_bytes },
            accel_prefix: self.blobs_accel.clone(),
            upload_lifetime: Duration::from_secs(self.upload_secs),
            uploads,
            scratch: data.join("scratch"),
        }
    }
}

impl Section for BlobsConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("blobs_bytes", self.blobs_bytes, 0..=MOST_BYTES)?;
        within("user_blobs_bytes", self.user_blobs_bytes, 0..=MOST_BYTES)?;
        within("upload_secs", self.upload_secs, 1..=86_400)?;
        within("upload_rate", self.upload_rate, 0..=67_108_864)?;
        within("uploads", self.uploads, LEAST_UPLOADS..=100_000)?;
        within("address_uploads", self.address_uploads, 0..=100_000)?;
        let is_path = |prefix: &str| prefix.starts_with('/') && !prefix.contains(char::is_whitespace);
        if !self.blobs_accel.is_empty() && !is_path(&self.blobs_accel) {
            let (value, bound) = (format!("{:?}", self.blobs_accel), "empty, or a path such as /blob-files".to_owned());
            return Err(OutOfRange { key: "blobs_accel", value, bound });
        }
        Ok(())
    }
}
