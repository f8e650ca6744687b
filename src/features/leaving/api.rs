//! The routes of authors, under `/v1`.

use poem::Request;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::Example,
};

use super::{
    model::{Changed, LeavingError, Outcome, PAGE, Refusal, Synced},
    read,
    service::Leaving,
};
use crate::{
    features::traces::ShownTrace,
    http::{
        body::JsonBody,
        docs::Tag,
        params,
        player::Playing,
        private::Private,
        problem::{Answers, Failure, Problem},
    },
    platform::error::Fault,
};

/// The routes of authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LeavingApi {
    /// The feature.
    pub leaving: Leaving,
}

impl From<LeavingError> for Problem {
    fn from(error: LeavingError) -> Self {
        let (kind, code) = error.kind();
        match error {
            LeavingError::Traces(cause) => cause.into(),
            LeavingError::Invalid(ref faults) => Self::new(kind, code, error.to_string()).with_faults(faults.clone()),
            _ => Self::new(kind, code, error.to_string()),
        }
    }
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
    /// `pos`. An absent field may also be `null`, empty or, where a number starts at 1, 0.
    #[oai(path = "/traces", method = "post", operation_id = "leaveTraces")]
    async fn leave(
        &self,
        playing: Playing,
        /// A name for this request: items without a `ref` are then stored once, too.
        #[oai(name = "Idempotency-Key", example = "example_key")]
        key: Header<Option<String>>,
        request: &Request,
        body: JsonBody<TracesBody>,
    ) -> Result<Json<Results>, Failure<Writing>> {
        // The framework passes over what is no ASCII, and a key that is passed over stores twice.
        drop(key);
        let key = params::header(request, "Idempotency-Key").map_err(|fault| LeavingError::Invalid(vec![fault]))?;
        let key = key.map(crate::features::traces::check_key).transpose().map_err(LeavingError::from)?;
        let results: Vec<ItemResult> =
            self.leaving.leave(&playing.0, &body.bytes, key).await?.into_iter().map(ItemResult::of).collect();
        let failed = results.iter().filter(|result| result.status >= 400).count();
        Ok(Json(Results { results, failed: u32::try_from(failed).unwrap_or(u32::MAX) }))
    }

    /// Change a trace of one's own
    ///
    /// What is absent stays. `revision` is the one that you have seen: if the trace was changed meanwhile, the answer is 409
    /// with the trace as it is. Other `text` sets the votes back.
    #[oai(path = "/traces/:trace_id", method = "patch", operation_id = "changeTrace")]
    async fn change(
        &self,
        playing: Playing,
        /// The trace.
        #[oai(example = "example_id")]
        trace_id: Path<String>,
        body: JsonBody<ChangeBody>,
    ) -> Result<ChangeAnswer, Failure<Changing>> {
        let change = read::change(&body.bytes)?;
        Ok(match self.leaving.change(&playing.0, id_of(&trace_id.0)?, change).await? {
            Changed::Old(trace) => ChangeAnswer::Old(Private(*trace)),
            Changed::Done(trace) => ChangeAnswer::Done(Private(*trace)),
            Changed::NotThere | Changed::NotYours | Changed::Unfit(_) => return Err(LeavingError::NotThere.into()),
        })
    }

    /// Take a trace of one's own back
    #[oai(path = "/traces/:trace_id", method = "delete", operation_id = "withdrawTrace")]
    async fn withdraw(
        &self,
        playing: Playing,
        /// The trace.
        #[oai(example = "example_id")]
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
        playing: Playing,
        /// The `next` of the page before.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// At most so many: 1 to 200, else 100.
        limit: Query<Option<u64>>,
    ) -> Result<OwnTraces, Failure<Reading>> {
        let after = match after.0.as_deref().filter(|after| !after.is_empty()) {
            None => 0,
            Some(after) => after.parse().map_err(|_| wrong("?after", "is no `next` of a page"))?,
        };
        let page = self.leaving.own(&playing.0, after, limit.0.unwrap_or(PAGE / 2)).await?;
        Ok(OwnTraces::Page(Private(TracePage { items: page.items, next: page.next.to_string(), more: page.more })))
    }

    /// How traces stand that a client knows
    ///
    /// For a client that keeps traces and was away: those of up to 500 that are no more, and how the others stand.
    #[oai(path = "/traces/sync", method = "post", operation_id = "syncTraces")]
    async fn sync(&self, playing: Playing, body: JsonBody<SyncBody>) -> Result<SyncAnswer, Failure<Writing>> {
        let ids = read::ids(&body.bytes)?;
        Ok(SyncAnswer::Standing(Private(ShownSync::of(self.leaving.sync(&playing.0, &ids).await?))))
    }
}

fn wrong(pointer: &str, detail: &str) -> LeavingError {
    LeavingError::Invalid(vec![Fault::new(pointer, detail)])
}

#[derive(ApiResponse)]
enum ChangeAnswer {
    /// Changed: the trace as it is now.
    #[oai(status = 200)]
    Done(Private<ShownTrace>),
    /// It was changed meanwhile, or is of another revision: the trace as it is.
    #[oai(status = 409)]
    Old(Private<ShownTrace>),
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
    Page(Private<TracePage>),
}

#[derive(ApiResponse)]
enum SyncAnswer {
    /// How they stand.
    #[oai(status = 200)]
    Standing(Private<ShownSync>),
}

fn example_id() -> String {
    "4211".to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some("4211".to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_key() -> Option<String> {
    Some("5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11".to_owned())
}

/// Traces to leave.
#[derive(Debug, Object)]
#[oai(example)]
struct TracesBody {
    /// 1 to 32.
    traces: Vec<TraceBody>,
}

/// A trace to leave.
#[derive(Debug, Default, Object)]
struct TraceBody {
    /// The client's own name for it, unique for the player, at most 64 bytes: sent again it is not left again.
    r#ref: Option<String>,
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// The place, at most 64 bytes.
    scope: Option<String>,
    /// `[x,y,z]`, each within ±1e7.
    pos: Option<Vec<f64>>,
    /// `[x,y,z,w]`, a quaternion.
    rot: Option<Vec<f64>>,
    /// What sort of object, cause of death, and so on: at most 64 bytes.
    r#type: Option<String>,
    /// Free words: at most 8 texts of at most 1,024 bytes.
    text: Option<Vec<String>>,
    /// The first sentence, of the game's own: from 1.
    template: Option<i32>,
    /// The word in it: from 1.
    word: Option<i32>,
    /// What joins the second sentence: from 1.
    conjunction: Option<i32>,
    /// The second sentence: from 1.
    template2: Option<i32>,
    /// The word in that: from 1.
    word2: Option<i32>,
    /// What the figure beside it does: from 1.
    gesture: Option<i32>,
    /// What only the game reads: at most 4,096 bytes, given back byte for byte.
    data: Option<String>,
    /// With which content of the game it fits: raised only when older traces no longer fit.
    content_version: Option<i32>,
    /// How well a phantom was run, within ±1e12: lower is better.
    rank_value: Option<f64>,
    /// When it was left, if that was before now, at most 30 days (RFC 3339).
    left_at: Option<String>,
    /// Seconds after which it goes, if the game does not take it away earlier.
    expires_in_s: Option<i32>,
    /// What the group calls itself that alone sees it: at most 64 bytes.
    group: Option<String>,
}

impl Example for TracesBody {
    fn example() -> Self {
        let message = TraceBody {
            r#ref: Some("8f14e45f".to_owned()),
            kind: "message".to_owned(),
            scope: Some("Ash Lake".to_owned()),
            pos: Some(vec![161.767, -58.2646, -446.62]),
            template: Some(3),
            word: Some(117),
            ..TraceBody::default()
        };
        Self { traces: vec![message] }
    }
}

/// What became of each trace.
#[derive(Debug, Object)]
#[oai(example)]
struct Results {
    /// In the order in which they were sent.
    results: Vec<ItemResult>,
    /// How many were not left.
    failed: u32,
}

impl Example for Results {
    fn example() -> Self {
        let left = Outcome::Left { id: 4211, evicted: vec![3907] };
        Self { results: vec![ItemResult::of((Some("8f14e45f".to_owned()), left))], failed: 0 }
    }
}

/// What became of a trace.
#[derive(Debug, Object)]
struct ItemResult {
    /// The client's own name for it.
    #[oai(skip_serializing_if_is_none)]
    r#ref: Option<String>,
    /// 201 left, 200 left before, or the status that it would have alone.
    status: u16,
    /// The trace's id.
    #[oai(skip_serializing_if_is_none)]
    id: Option<String>,
    /// Why not, for a program.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// Why not, for a person.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// Where the first thing is that is wrong: a JSON pointer into the body.
    #[oai(skip_serializing_if_is_none)]
    pointer: Option<String>,
    /// The player's own traces that went for it.
    #[oai(skip_serializing_if_is_empty)]
    evicted: Vec<String>,
}

impl ItemResult {
    fn of((name, outcome): (Option<String>, Outcome)) -> Self {
        let result = |status| Self {
            r#ref: name,
            status,
            id: None,
            code: None,
            detail: None,
            pointer: None,
            evicted: Vec::new(),
        };
        match outcome {
            Outcome::Left { id, evicted } => Self {
                id: Some(id.to_string()),
                evicted: evicted.into_iter().map(|id| id.to_string()).collect(),
                ..result(201)
            },
            Outcome::Before(id) => Self { id: Some(id.to_string()), ..result(200) },
            Outcome::Refused(refusal) => {
                let pointer = match &refusal {
                    Refusal::Invalid(faults) => faults.first().map(|fault| fault.pointer.clone()),
                    _ => None,
                };
                let (code, detail) = (Some(refusal.code().to_owned()), Some(refusal.to_string()));
                Self { code, detail, pointer, ..result(refusal.status()) }
            }
        }
    }
}

/// What is to become of a trace.
#[derive(Debug, Object)]
#[oai(example)]
struct ChangeBody {
    /// The revision that you have seen.
    revision: i32,
    /// Other words, of a message.
    text: Option<Vec<String>>,
    /// Other data.
    data: Option<String>,
    /// Another position.
    pos: Option<Vec<f64>>,
    /// Turned otherwise.
    rot: Option<Vec<f64>>,
    /// Another type.
    r#type: Option<String>,
}

impl Example for ChangeBody {
    fn example() -> Self {
        let data = Some(r#"{"door":"open"}"#.to_owned());
        Self { revision: 1, text: None, data, pos: None, rot: None, r#type: None }
    }
}

/// A page of traces.
#[derive(Debug, Object)]
#[oai(example)]
struct TracePage {
    /// The oldest first.
    items: Vec<ShownTrace>,
    /// Where the next page begins.
    next: String,
    /// Whether there is one.
    more: bool,
}

impl Example for TracePage {
    fn example() -> Self {
        Self { items: vec![ShownTrace::example()], next: "4211".to_owned(), more: false }
    }
}

/// Traces that a client knows.
#[derive(Debug, Object)]
#[oai(example)]
struct SyncBody {
    /// 1 to 500.
    ids: Vec<String>,
}

impl Example for SyncBody {
    fn example() -> Self {
        Self { ids: vec!["4211".to_owned(), "3907".to_owned()] }
    }
}

/// How traces stand.
#[derive(Debug, Object)]
#[oai(example)]
struct ShownSync {
    /// Those that are no more.
    gone: Vec<GoneTrace>,
    /// The others.
    changed: Vec<StandingTrace>,
}

/// A trace that is no more.
#[derive(Debug, Object)]
struct GoneTrace {
    /// Its id.
    id: String,
    /// `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or `expired`; absent where it is not known, or there was none.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
}

/// How a trace stands.
#[derive(Debug, Object)]
struct StandingTrace {
    /// Its id.
    id: String,
    /// Its revision.
    revision: i32,
    /// Votes for it.
    good: i32,
    /// Votes against it.
    poor: i32,
    /// How often it was of use.
    uses: i32,
}

impl ShownSync {
    fn of(synced: Synced) -> Self {
        let gone = synced.gone.into_iter();
        let there = synced.there.into_iter();
        Self {
            gone: gone
                .map(|(id, reason)| GoneTrace {
                    id: id.to_string(),
                    reason: reason.map(|reason| reason.name().to_owned()),
                })
                .collect(),
            changed: there
                .map(|standing| StandingTrace {
                    id: standing.id.to_string(),
                    revision: standing.revision,
                    good: standing.good,
                    poor: standing.poor,
                    uses: standing.uses,
                })
                .collect(),
        }
    }
}

impl Example for ShownSync {
    fn example() -> Self {
        let gone = GoneTrace { id: "3907".to_owned(), reason: Some("evicted".to_owned()) };
        let there = StandingTrace { id: "4211".to_owned(), revision: 1, good: 4, poor: 1, uses: 0 };
        Self { gone: vec![gone], changed: vec![there] }
    }
}
