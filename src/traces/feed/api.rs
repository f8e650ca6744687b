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
    identity::access::request::ReaderAndPlayer,
    platform::clock,
    traces::{inbox::InboxResponse, tags::Tag},
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
    /// The traces that were left, changed or removed after `after`, in order, and the newest counts of those whose votes have
    /// changed. If there is nothing, the request waits, up to `wait_s` seconds. Begin with the `revision` of a deck, or with 0.
    /// Changes are kept for a week: an older `after` is answered 410 `cursor_too_old`, and the client starts over. A player's
    /// token and `inbox_after` add what has happened to the player's own traces.
    #[oai(path = "/changes", method = "get", operation_id = "getChanges")]
    async fn changes(
        &self,
        caller: ReaderAndPlayer,
        query: Params<FeedQuery>,
    ) -> Result<With<Json<FeedPageResponse>>, Failure<Gone>> {
        let reader = caller.reader()?;
        let world = WorldKey::new(reader.studio(), reader.world());
        let Some(inbox_after) = query.0.inbox_after else {
            let (page, _) = self.feed.changes(world, query.0, None).await?;
            return Ok(reader.respond_revalidated(Json(FeedPageResponse::at(page, None, clock::now_ms()))));
        };
        let (page, items) = self.feed.changes(world, query.0, Some((caller.player()?, inbox_after))).await?;
        let now_ms = clock::now_ms();
        let inbox = InboxResponse::new(items, inbox_after, now_ms);
        Ok(caller.respond_to_player(Json(FeedPageResponse::at(page, Some(inbox), now_ms))))
    }
}
