//! `GET /v1/changes`.

use poem_openapi::{
    OpenApi,
    payload::{Json, Response as With},
};

use super::{model::FeedQuery, response::FeedPageResponse, service::Feed};
use crate::{
    http::{
        failure::{Failure, Gone},
        params::Params,
    },
    identity::access::request::WorldReader,
    traces::tags::Tag,
    worlds::WorldKey,
};

/// The route of the feed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FeedApi {
    /// The feature.
    pub feed: Feed,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl FeedApi {
    /// Follow the changes in a world
    ///
    /// The traces that were left, changed or removed after `after`, in order, each once. If there are none, the request waits
    /// for one, up to `wait_s` seconds. Begin with the `revision` of a deck, or with 0. Changes are kept for a week: an older
    /// `after` is answered 410 `cursor_too_old`, and the client starts over.
    #[oai(path = "/changes", method = "get", operation_id = "getChanges")]
    async fn changes(
        &self,
        reader: WorldReader,
        query: Params<FeedQuery>,
    ) -> Result<With<Json<FeedPageResponse>>, Failure<Gone>> {
        let page = self.feed.changes(WorldKey::new(reader.studio(), reader.world()), query.0).await?;
        Ok(reader.respond_revalidated(Json(page.into())))
    }
}
