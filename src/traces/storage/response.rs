//! The response body of storage.

use poem_openapi::{Object, types::Example};

use super::service::StorageReport;
use crate::worlds::storage::Storage;

/// What the world and its studio store, and how much they may.
#[derive(Debug, Object)]
#[oai(example, rename = "Storage")]
pub struct StorageResponse {
    /// The world: one game in one environment.
    world: StoredAmount,
    /// All worlds of the studio together.
    studio: StoredAmount,
}

/// What is stored, and how much may be.
#[derive(Debug, Object)]
struct StoredAmount {
    /// Bytes, indexes included: what the rows make the database grow by at most.
    #[oai(validator(minimum(value = "0")))]
    bytes: i64,
    /// How many bytes may be stored; absent where there is no bound. Traces may occupy fifteen sixteenths of it.
    #[oai(skip_serializing_if_is_none)]
    max_bytes: Option<i64>,
    /// Scopes with at least one trace.
    #[oai(validator(minimum(value = "0")))]
    scopes: i64,
    /// How many scopes there may be; absent where there is no bound.
    #[oai(skip_serializing_if_is_none)]
    max_scopes: Option<i64>,
}

impl StoredAmount {
    fn new(used: Storage, bound: Storage) -> Self {
        let bound_of = |bound: i64| Some(bound).filter(|bound| *bound < i64::MAX);
        Self {
            bytes: used.bytes.max(0),
            max_bytes: bound_of(bound.bytes),
            scopes: used.scopes.max(0),
            max_scopes: bound_of(bound.scopes),
        }
    }
}

impl From<StorageReport> for StorageResponse {
    fn from(StorageReport { used, bounds }: StorageReport) -> Self {
        Self {
            world: StoredAmount::new(used.world, bounds.world),
            studio: StoredAmount::new(used.studio, bounds.studio),
        }
    }
}

impl Example for StorageResponse {
    fn example() -> Self {
        let bound = |bytes| Storage { bytes, scopes: 1_000_000 };
        Self {
            world: StoredAmount::new(Storage { bytes: 48_210_112, scopes: 212 }, bound(10_000_000_000)),
            studio: StoredAmount::new(Storage { bytes: 51_904_768, scopes: 230 }, bound(20_000_000_000)),
        }
    }
}
