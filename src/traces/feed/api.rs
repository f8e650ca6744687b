//! `GET /v1/changes`.

use poem::Request;
use poem_openapi::{
    OpenApi,
    param::Query,
    payload::{Json, Response as With},
};

use super::{request, response::FeedPageResponse, service::Feed};
use crate::{
    http::problem::{Answers, Failure},
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

struct FeedAnswers;

impl Answers for FeedAnswers {
    const STATUSES: &'static [u16] = &[401, 403, 410, 422, 503];
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
        /// Without a key: a game that allows public reads, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: WorldReader,
        request: &Request,
        /// Only in this scope.
        scope: Query<Option<String>>,
        /// The `next` of the answer before.
        after: Query<Option<String>>,
        /// Seconds to wait: 0 to 30.
        wait_s: Query<Option<u64>>,
        /// The most items: 1 to 1000, default 1000.
        limit: Query<Option<String>>,
    ) -> Result<With<Json<FeedPageResponse>>, Failure<FeedAnswers>> {
        // `request::parse` reads them.
        drop((after, limit));
        let query = request::parse(request.uri(), scope.0.is_some(), wait_s.0)?;
        let page = self.feed.changes(WorldKey::new(reader.studio(), reader.world()), query).await?;
        Ok(reader.respond_revalidated(Json(page.into())))
    }
}
