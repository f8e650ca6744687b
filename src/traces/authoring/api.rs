//! The routes of authors, under `/v1`.

use poem::Request;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    model::{AuthoringError, OwnFilter, PAGE_SIZE},
    request::{self, ChangeRequest, SyncRequest, TracesRequest},
    response::{ChangeResponse, OwnTracesResponse, Results, SyncAnswer, WithdrawResponse},
    service::Authoring,
};
use crate::{
    http::{
        body::JsonBody,
        no_store::NoStore,
        page::PageRequest,
        problem::{Answers, Failure},
    },
    identity::access::request::PlayerCaller,
    traces::{examples, tags::Tag},
};

/// The routes of authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AuthoringApi {
    /// The feature.
    pub authoring: Authoring,
}

struct LeaveAnswers;

impl Answers for LeaveAnswers {
    const STATUSES: &'static [u16] = &[400, 401, 408, 413, 415, 422, 503];
}

struct ChangeAnswers;

impl Answers for ChangeAnswers {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 413, 415, 422, 503];
}

struct WithdrawAnswers;

impl Answers for WithdrawAnswers {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

struct OwnAnswers;

impl Answers for OwnAnswers {
    const STATUSES: &'static [u16] = &[401, 422, 503];
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl AuthoringApi {
    /// Leave traces
    ///
    /// Leaves up to 32 traces. Each has a result of its own, in order: 201 when it is durably stored, 200 when it was stored
    /// before under the same `ref`, else the error. An object needs `pos` and `type`, a message `text` or `template`, a
    /// bloodstain `pos`, a phantom `recording_id` or `recording`. A recording that is sent with its trace is stored together
    /// with it, or neither is. `null`, an empty value and, where a number starts at 1, 0 count as absent.
    #[oai(path = "/traces", method = "post", operation_id = "leaveTraces")]
    async fn leave(
        &self,
        player: PlayerCaller,
        /// A name for this request: items without a `ref` are then stored once, too.
        #[oai(name = "Idempotency-Key", example = "examples::idempotency_key")]
        key: Header<Option<String>>,
        request: &Request,
        mut body: JsonBody<TracesRequest>,
    ) -> Result<Json<Results>, Failure<LeaveAnswers>> {
        // `request::idempotency_key` reads it.
        drop(key);
        let key = request::idempotency_key(request)?;
        // `body` itself lives on: it holds the request's share of the body budget until the request is answered.
        let bytes = std::mem::take(&mut body.bytes).freeze();
        let items = request::items(bytes, key, self.authoring.packer(&player.0).await?).await?;
        Ok(Json(self.authoring.leave(&player.0, items).await?.into()))
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
        body: JsonBody<ChangeRequest>,
    ) -> Result<ChangeResponse, Failure<ChangeAnswers>> {
        let change = request::change(&body.bytes)?;
        Ok(self.authoring.change(&player.0, request::trace_id(&trace_id.0)?, change).await?.into())
    }

    /// Withdraw a trace of one's own
    #[oai(path = "/traces/:trace_id", method = "delete", operation_id = "withdrawTrace")]
    async fn withdraw(
        &self,
        player: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
    ) -> Result<WithdrawResponse, Failure<WithdrawAnswers>> {
        self.authoring.withdraw(&player.0, request::trace_id(&trace_id.0)?).await?;
        Ok(WithdrawResponse::Withdrawn)
    }

    /// List one's own traces
    ///
    /// The oldest first, hidden ones included.
    #[oai(path = "/players/me/traces", method = "get", operation_id = "listOwnTraces")]
    async fn own(
        &self,
        player: PlayerCaller,
        request: &Request,
        /// The `next` of the page before.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// The most items on the page: 1 to 200, default 100.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<OwnTracesResponse, Failure<OwnAnswers>> {
        // `PageRequest::read` reads them.
        drop((after, limit));
        let id = |text: &str| text.parse::<i64>().map_err(|_| "is no `next` of a page".to_owned());
        let PageRequest { after, limit } =
            PageRequest::read(request.uri(), PAGE_SIZE, id).map_err(AuthoringError::Invalid)?;
        let page = self.authoring.own(&player.0, &OwnFilter::default(), after.unwrap_or_default(), limit).await?;
        Ok(OwnTracesResponse::Page(NoStore(page.into())))
    }

    /// Check traces that a client knows
    ///
    /// For a client that keeps traces and was offline: of up to 500 traces, those that no longer exist, and the revision and
    /// counters of the others.
    #[oai(path = "/traces/sync", method = "post", operation_id = "syncTraces")]
    async fn sync(
        &self,
        player: PlayerCaller,
        body: JsonBody<SyncRequest>,
    ) -> Result<SyncAnswer, Failure<LeaveAnswers>> {
        let ids = request::sync_ids(&body.bytes)?;
        Ok(SyncAnswer::Report(NoStore(self.authoring.sync(&player.0, &ids).await?.into())))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some("4211".to_owned())
}
