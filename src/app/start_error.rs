//! Why the program can't start.

use std::{io, net::SocketAddr};

use crate::{
    backends::InvalidUrl,
    identity::{accounts::AccountError, players::PlayerError, studios::StudioError},
    platform::{
        backup::BackupError, blobs::BlobError, cache::RedisError, db::SchemaError, error::StoreError, mail::MailError,
        metrics::MetricsError, outbound::OutboundError, sealing::KeyError,
    },
};

/// The program can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A URL can't be used.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// The database can't be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The database can't be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The studio of the open world can't be created.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The secret that signs players' tokens can't be read.
    #[error(transparent)]
    Players(#[from] PlayerError),
    /// The URL of Redis can't be used.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// The secret key can't be used.
    #[error(transparent)]
    SecretKey(#[from] KeyError),
    /// The URL of a provider can't be used.
    #[error(transparent)]
    Provider(#[from] OutboundError),
    /// The place of blobs can't be used.
    #[error("blobs: {0}")]
    Blobs(#[from] BlobError),
    /// A backup can't be restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The settings of mail are invalid.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The settings of password hashing are invalid.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// A metric can't be registered.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The address can't be listened on.
    #[error("listening on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        cause: io::Error,
    },
    /// The operating system refused something that should not fail.
    #[error("starting: {0}")]
    System(String),
}
