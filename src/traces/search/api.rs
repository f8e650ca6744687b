//! `POST /v1/traces/query`.

use poem_openapi::{
    OpenApi,
    payload::{Json, Response as With},
};

use super::{
    model::SortOrder,
    request::{self, SearchRequest},
    response::SearchPageResponse,
    service::Search,
};
use crate::{
    http::{
        body::JsonBody,
        failure::{Failure, Gone},
    },
    identity::access::request::ReaderAndPlayer,
    platform::clock,
    traces::tags::Tag,
    worlds::WorldKey,
};

/// The route of searches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SearchApi {
    /// The feature.
    pub search: Search,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl SearchApi {
    /// Search for traces
    ///
    /// A page of the traces of some scopes: the newest, the best, the nearest, ghosts beside a rank, or the player's own. Send
    /// `next` as `after` for the next page, as long as there is `more`; and again later, to learn in `gone` which traces have
    /// gone. Changes are kept for a week: an older `after` is answered 410 `cursor_too_old`, and the client starts over. Mode `own`
    /// needs a player's token, and no key.
    #[oai(path = "/traces/query", method = "post", operation_id = "queryTraces")]
    async fn query(
        &self,
        caller: ReaderAndPlayer,
        body: JsonBody<SearchRequest>,
    ) -> Result<With<Json<SearchPageResponse>>, Failure<Gone>> {
        let query = request::query(&body.bytes)?;
        if query.order == SortOrder::Own {
            let page = self.search.own(caller.player()?, &query).await?;
            return Ok(caller.respond_to_player(Json(SearchPageResponse::at(page, clock::now_ms()))));
        }
        let reader = caller.reader()?;
        let page = self.search.find(WorldKey::new(reader.studio(), reader.world()), &query).await?;
        Ok(reader.respond_revalidated(Json(SearchPageResponse::at(page, clock::now_ms()))))
    }
}
