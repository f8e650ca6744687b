//! The route of storage.

use poem_openapi::{ApiResponse, OpenApi};

use super::{response::StorageResponse, service::StorageWatch};
use crate::{
    http::{failure::Failure, no_store::NoStore},
    identity::{
        access::{Permission, request::StudioCaller},
        tags::Tag,
    },
    worlds::WorldKey,
};

/// The route of storage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StorageApi {
    /// The service.
    pub storage: StorageWatch,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl StorageApi {
    /// What a world stores
    ///
    /// What the world and its studio store, in bytes and in scopes, and how much they may: where a bound is reached, new traces
    /// replace old ones or are refused (409 `quota_full`). The owners of the studio are told by email at four fifths of a bound.
    /// Needs a secret key with the permission `admin`, or a developer's session.
    #[oai(path = "/storage", method = "get", operation_id = "getStorage")]
    async fn storage(&self, caller: StudioCaller) -> Result<StorageAnswer, Failure> {
        let access = caller.require(Permission::Admin)?;
        let report = self.storage.report(WorldKey::new(access.studio, access.world)).await?;
        Ok(StorageAnswer::Report(NoStore(report.into())))
    }
}

#[derive(ApiResponse)]
enum StorageAnswer {
    /// What is stored.
    #[oai(status = 200)]
    Report(NoStore<StorageResponse>),
}
