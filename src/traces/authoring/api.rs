//! The routes of authors, under `/v1`.

use poem_openapi::{OpenApi, param::Path, payload::Json};

use super::{
    request::{self, ChangeRequest, OwnTraces, SyncRequest, TracesRequest},
    response::{self, ChangeResponse, OwnTracePage, OwnTracesResponse, Results, SyncAnswer, WithdrawResponse},
    service::Authoring,
};
use crate::{
    http::{
        body::JsonBody,
        client::ClientAddress,
        failure::{Failure, Forbidden, NotFound},
        idempotency_key::IdempotencyKey,
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        payer::Paying,
    },
    identity::access::request::PlayerCaller,
    platform::clock,
    traces::{examples, stored_size, tags::Tag},
};

/// The routes of authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AuthoringApi {
    /// The feature.
    pub authoring: Authoring,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl AuthoringApi {
    /// Leave traces
    ///
    /// Leaves up to 32 traces. Each has a result of its own, in order: 201 when it is durably stored, 200 when it was stored
    /// before under the same `ref`, else the error. An object needs `pos` and `type`, a message `text` or `template`, a
    /// bloodstain `pos`, a phantom `recording_id` or `recording`. A recording that is sent with its trace is stored together
    /// with it, or neither is. `null`, an empty text, list or object, and 0 where a number is from 1, count as absent, and so
    /// does a `rank_value` of 0.
    #[oai(path = "/traces", method = "post", operation_id = "leaveTraces")]
    async fn leave(
        &self,
        player: PlayerCaller,
        client: ClientAddress,
        key: IdempotencyKey<'_>,
        paying: Paying,
        mut body: JsonBody<TracesRequest>,
    ) -> Result<Json<Results>, Failure> {
        // `body` itself lives on: it holds the request's share of the body budget until the request is answered.
        let bytes = std::mem::take(&mut body.bytes).freeze();
        let items = request::items(bytes, key.unless_empty(), self.authoring.packer(&player.0).await?).await?;
        Ok(Json(self.authoring.leave(&player.0, client.0, items, &paying.0).await?.into()))
    }

    /// Change a trace of one's own
    ///
    /// Absent fields stay as they are. `revision` is the one that you have seen: if the trace was changed since, the answer
    /// is 409 with the trace as it is. A `template` starts a new sentence, and no word of the old one stays; without one,
    /// each of `word`, `conjunction`, `template2` and `word2` replaces the old one. When the words change, the votes are
    /// reset.
    #[oai(path = "/traces/:trace_id", method = "patch", operation_id = "changeTrace")]
    async fn change(
        &self,
        player: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        paying: Paying,
        body: JsonBody<ChangeRequest>,
    ) -> Result<ChangeResponse, Failure<(Forbidden, NotFound)>> {
        paying.0.pay(stored_size::change(body.bytes.len()))?;
        let change = request::change(&body.bytes)?;
        let outcome = self.authoring.change(&player.0, request::trace_id(&trace_id.0)?, change).await?;
        Ok(response::changed(outcome, clock::now_ms())?)
    }

    /// Change a trace of one's own, by POST
    ///
    /// Like `PATCH /v1/traces/{trace_id}`, for engines that can't send a PATCH.
    #[oai(path = "/traces/:trace_id/change", method = "post", operation_id = "changeTraceByPost")]
    async fn change_by_post(
        &self,
        player: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        paying: Paying,
        body: JsonBody<ChangeRequest>,
    ) -> Result<ChangeResponse, Failure<(Forbidden, NotFound)>> {
        self.change(player, trace_id, paying, body).await
    }

    /// Withdraw a trace of one's own
    #[oai(path = "/traces/:trace_id", method = "delete", operation_id = "withdrawTrace")]
    async fn withdraw(
        &self,
        player: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
    ) -> Result<WithdrawResponse, Failure<(Forbidden, NotFound)>> {
        self.authoring.withdraw(&player.0, request::trace_id(&trace_id.0)?).await?;
        Ok(WithdrawResponse::Withdrawn)
    }

    /// Withdraw a trace of one's own, by POST
    ///
    /// Like `DELETE /v1/traces/{trace_id}`, for engines that can't send a DELETE. A body is ignored.
    #[oai(path = "/traces/:trace_id/withdraw", method = "post", operation_id = "withdrawTraceByPost")]
    async fn withdraw_by_post(
        &self,
        player: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
    ) -> Result<WithdrawResponse, Failure<(Forbidden, NotFound)>> {
        self.withdraw(player, trace_id).await
    }

    /// List one's own traces
    ///
    /// The oldest first, hidden ones included. One that has gone is in the list for about a week, with the state `withdrawn`.
    #[oai(path = "/players/me/traces", method = "get", operation_id = "listOwnTraces")]
    async fn own(
        &self,
        player: PlayerCaller,
        page: Params<PageRequest<OwnTraces>>,
    ) -> Result<OwnTracesResponse, Failure> {
        let PageRequest { after, limit, .. } = page.0;
        let list = self.authoring.list(&player.0, after.unwrap_or_default(), limit).await?;
        Ok(OwnTracesResponse::Page(NoStore(OwnTracePage::at(list, clock::now_ms()))))
    }

    /// Check traces that a client knows
    ///
    /// For a client that keeps traces and was offline: of up to 500 traces, those that no longer exist, and the revision and
    /// counters of the others. A trace of a group that is not named counts as one that no longer exists.
    #[oai(path = "/traces/sync", method = "post", operation_id = "syncTraces")]
    async fn sync(&self, player: PlayerCaller, body: JsonBody<SyncRequest>) -> Result<SyncAnswer, Failure> {
        let known = request::known_traces(&body.bytes)?;
        Ok(SyncAnswer::Report(NoStore(self.authoring.sync(&player.0, &known).await?.into())))
    }
}
