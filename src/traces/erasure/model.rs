//! Types of erasure, and its error.

use std::sync::Arc;

use crate::{
    identity::{access::Player, players::PlayerError, studios::StudioError},
    platform::{
        db::Row,
        error::{DomainError, Kind, StoreError},
    },
    worlds::WorldError,
};

/// Columns that are not exported: secrets and their digests, and the frames of recordings, which are fetched by their ids.
pub const NOT_EXPORTED: [&str; 9] =
    ["digest", "device", "client", "request", "content", "idempotency_key", "bytes", "sha256", "group_key"];

/// All that is stored about a player, by table.
#[derive(Clone, Debug)]
pub struct PlayerExport {
    /// The player.
    pub player: Player,
    /// When it was made (Unix time in ms).
    pub exported_at_ms: i64,
    /// The rows of each table, without the columns that are not exported.
    pub tables: Vec<(&'static str, Vec<Row>)>,
}

/// Why an export or an erasure failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ErasureError {
    /// The feature of players refused, or failed.
    #[error(transparent)]
    Player(#[from] PlayerError),
    /// The audit log failed.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// Writing to the world failed.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for ErasureError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for ErasureError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Player(error) => error.kind(),
            Self::Studio(error) => error.kind(),
            Self::World(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Player(error) => Some(error),
            Self::Studio(error) => Some(error),
            Self::World(error) => Some(error),
            Self::Store(_) => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
