//! The routes of authors, under `/v1`.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    model::{Changed, LeavingError, PAGE, Which},
    read,
    service::Leaving,
    wire::{ChangeRequest, ItemResult, Results, SyncRequest, SyncResponse, TracePage, TracesRequest},
};
use crate::{
    http::{
        body::JsonBody,
        docs::Tag,
        examples,
        no_store::NoStore,
        page::PageRequest,
        params,
        problem::{Answers, Failure},
    },
    identity::access::request::player::PlayerCaller,
    traces::trace::TraceResponse,
};

/// The routes of authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LeavingApi {
    /// The feature.
    pub leaving: Leaving,
}

struct Writing;

impl Answers for Writing {
    const STATUSES: &'static [u16] = &[400, 401, 408, 413, 415, 422, 503];
}

struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 413, 415, 422, 503];
}

struct Removing;

impl Answers for Removing {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 422, 503];
}

/// The id in a path: what is no id names no trace.
fn id_of(text: &str) -> Result<i64, LeavingError> {
    text.parse().map_err(|_| LeavingError::NotThere)
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl LeavingApi {
    /// Leave traces
    ///
    /// Leaves up to 32 traces, each with a result of its own, in order: 201 when it is durable, 200 when it was left before
    /// under the same `ref`, else why not. An object needs `pos` and `type`, a message `text` or `template`, a bloodstain
    /// `pos`, a phantom `recording_id` or `recording`. A recording that is sent with its trace is stored with it, or neither
    /// is. An absent field may also be `null`, empty or, where a number starts at 1, 0.
    #[oai(path = "/traces", method = "post", operation_id = "leaveTraces")]
    async fn leave(
        &self,
        playing: PlayerCaller,
        /// A name for this request: items without a `ref` are then stored once, too.
        #[oai(name = "Idempotency-Key", example = "examples::idempotency_key")]
        key: Header<Option<String>>,
        request: &Request,
        mut body: JsonBody<TracesRequest>,
    ) -> Result<Json<Results>, Failure<Writing>> {
        // The framework passes over what is no ASCII, and a key that is passed over stores twice.
        drop(key);
        let key = params::header(request, "Idempotency-Key").map_err(|fault| LeavingError::Invalid(vec![fault]))?;
        let key = key.map(crate::traces::v0::check_idempotency_key).transpose().map_err(LeavingError::from)?;
        // The body keeps its place among those under way until it is answered.
        let bytes = std::mem::take(&mut body.bytes).freeze();
        let left = self.leaving.leave(&playing.0, bytes, key).await?;
        let results: Vec<ItemResult> = left.into_iter().map(ItemResult::of).collect();
        let failed = results.iter().filter(|result| result.status >= 400).count();
        Ok(Json(Results { results, failed: u32::try_from(failed).unwrap_or(u32::MAX) }))
    }

    /// Change a trace of one's own
    ///
    /// What is absent stays. `revision` is the one that you have seen: if the trace was changed meanwhile, the answer is 409
    /// with the trace as it is. A `template` begins a new sentence, of whose predecessor no word stays; without one, each of
    /// `word`, `conjunction`, `template2` and `word2` takes the place of the old one. Other words set the votes back.
    #[oai(path = "/traces/:trace_id", method = "patch", operation_id = "changeTrace")]
    async fn change(
        &self,
        playing: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        body: JsonBody<ChangeRequest>,
    ) -> Result<ChangeAnswer, Failure<Changing>> {
        let change = read::change(&body.bytes)?;
        Ok(match self.leaving.change(&playing.0, id_of(&trace_id.0)?, change).await? {
            Changed::Old(trace) => ChangeAnswer::Old(NoStore(*trace)),
            Changed::Done(trace) => ChangeAnswer::Done(NoStore(*trace)),
            Changed::NotThere | Changed::NotYours | Changed::Unfit(_) => return Err(LeavingError::NotThere.into()),
        })
    }

    /// Take a trace of one's own back
    #[oai(path = "/traces/:trace_id", method = "delete", operation_id = "withdrawTrace")]
    async fn withdraw(
        &self,
        playing: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
    ) -> Result<WithdrawAnswer, Failure<Removing>> {
        self.leaving.withdraw(&playing.0, id_of(&trace_id.0)?).await?;
        Ok(WithdrawAnswer::Done)
    }

    /// One's own traces
    ///
    /// The oldest first, hidden ones too.
    #[oai(path = "/players/me/traces", method = "get", operation_id = "listOwnTraces")]
    async fn own(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// The `next` of the page before.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// At most so many: 1 to 200, else 100.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<OwnTraces, Failure<Reading>> {
        // Read exactly, by name.
        drop((after, limit));
        let id = |text: &str| text.parse::<i64>().map_err(|_| "is no `next` of a page".to_owned());
        let asked = PageRequest::read(request.uri(), PAGE, id).map_err(LeavingError::Invalid)?;
        let page =
            self.leaving.own(&playing.0, &Which::default(), asked.after.unwrap_or_default(), asked.limit).await?;
        Ok(OwnTraces::Page(NoStore(TracePage { items: page.items, next: page.next.to_string(), more: page.more })))
    }

    /// How traces stand that a client knows
    ///
    /// For a client that keeps traces and was away: those of up to 500 that are no more, and how the others stand.
    #[oai(path = "/traces/sync", method = "post", operation_id = "syncTraces")]
    async fn sync(&self, playing: PlayerCaller, body: JsonBody<SyncRequest>) -> Result<SyncAnswer, Failure<Writing>> {
        let ids = read::ids(&body.bytes)?;
        Ok(SyncAnswer::Standing(NoStore(SyncResponse::of(self.leaving.sync(&playing.0, &ids).await?))))
    }
}

#[derive(ApiResponse)]
enum ChangeAnswer {
    /// Changed: the trace as it is now.
    #[oai(status = 200)]
    Done(NoStore<TraceResponse>),
    /// It was changed meanwhile, or is of another revision: the trace as it is.
    #[oai(status = 409)]
    Old(NoStore<TraceResponse>),
}

#[derive(ApiResponse)]
enum WithdrawAnswer {
    /// It is gone.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum OwnTraces {
    /// A page.
    #[oai(status = 200)]
    Page(NoStore<TracePage>),
}

#[derive(ApiResponse)]
enum SyncAnswer {
    /// How they stand.
    #[oai(status = 200)]
    Standing(NoStore<SyncResponse>),
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some("4211".to_owned())
}
