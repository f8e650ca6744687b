//! Whole worlds in and out: `/v1/traces/import` and `/v1/traces/export`.

use std::sync::Arc;

use futures_util::stream;
use poem_openapi::{ApiResponse, Object, OpenApi, types::Example};
use tokio::sync::Semaphore;

use super::{
    lines::{Rejected, TakenIn},
    service::Transfer,
};
use crate::{
    http::{
        ndjson::{NdjsonBody, NdjsonResponse},
        no_store::NoStore,
        problem::{Answers, Failure, Problem},
    },
    identity::{
        access::{Permission, StudioAccess, request::StudioCaller},
        studios::Studios,
    },
    platform::error::Kind,
    traces::{tags::Tag, trace::TraceError},
    worlds::WorldKey,
};

/// Imports that one instance takes at once: each has a thread, and some batches in memory.
const AT_ONCE: usize = 4;

/// The routes of whole worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TransferApi {
    transfer: Transfer,
    studios: Studios,
    /// Names traces that came with no name of their own.
    installation: Arc<str>,
    room: Arc<Semaphore>,
}

struct Importing;

impl Answers for Importing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 413, 415, 422, 503];
}

struct Exporting;

impl Answers for Exporting {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

impl TransferApi {
    /// Of those traces, on that installation.
    #[must_use]
    pub fn new(transfer: Transfer, studios: Studios, installation: &str) -> Self {
        Self { transfer, studios, installation: installation.into(), room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Writes down that it is done, before it is; the world where it is.
    async fn begin(&self, access: &StudioAccess, action: &str) -> Result<WorldKey, Problem> {
        let called = format!("game:{} {}", access.game, access.environment.name());
        self.studios.record_audit(access.studio, access.actor(), action, called, String::new()).await?;
        Ok(WorldKey::new(access.studio, access.world))
    }
}

#[OpenApi(prefix_path = "/v1/traces", tag = "Tag::Traces")]
impl TransferApi {
    /// Import traces
    ///
    /// Takes lines in the native form (`docs/import.md`), however many, gzipped or not, and stores them as they come: what was
    /// stored before something fails stays. A line that can't be taken is left out and told. A line whose `source_id` the world
    /// knows is left out, so that sending them again after a failure brings nothing twice. Needs a secret key with the scope
    /// `admin`, or a developer's session.
    #[oai(path = "/import", method = "post", operation_id = "importTraces")]
    async fn import(&self, steward: StudioCaller, lines: NdjsonBody) -> Result<Imported, Failure<Importing>> {
        let access = steward.require(Permission::Admin)?;
        let full = |_| Problem::new(Kind::Busy, "too_many_imports", "Too many imports are under way. Try again.");
        let _place = self.room.try_acquire().map_err(full)?;
        let world = self.begin(access, "traces.import").await?;
        let gzipped = lines.gzipped;
        let taken = Box::pin(self.transfer.take_in_lines(world, gzipped, lines.into_stream())).await?;
        Ok(Imported::Done(NoStore(TakenInResponse::from(taken))))
    }

    /// Export all traces
    ///
    /// All that lies in the world when it begins, the oldest first, as lines in the native form (`docs/import.md`): hidden ones and
    /// those of groups, too. An answer that is broken off is not whole. Needs a secret key with the scope `admin`, or a
    /// developer's session.
    #[oai(path = "/export", method = "get", operation_id = "exportTraces")]
    async fn export(&self, steward: StudioCaller) -> Result<NdjsonResponse, Failure<Exporting>> {
        let access = steward.require(Permission::Admin)?;
        let world = self.begin(access, "traces.export").await?;
        let walk = self.transfer.walk(world, &self.installation).await.map_err(Problem::from)?;
        Ok(NdjsonResponse::new(stream::try_unfold(walk, |mut walk| async move {
            let mut page = Vec::new();
            let lines = walk.next(&mut page).await?;
            Ok::<_, TraceError>((lines > 0).then_some((page, walk)))
        })))
    }
}

#[derive(ApiResponse)]
enum Imported {
    /// What became of the lines.
    #[oai(status = 200)]
    Done(NoStore<TakenInResponse>),
}

/// What became of lines.
#[derive(Debug, Object)]
#[oai(example, rename = "ImportedTraces")]
struct TakenInResponse {
    /// How many were new.
    imported: u64,
    /// How many the world knew by their `source_id`.
    there_already: u64,
    /// How many could not be taken.
    rejected_count: u64,
    /// The first hundred of these.
    rejected: Vec<RejectedResponse>,
}

/// A line that could not be taken.
#[derive(Debug, Object)]
#[oai(rename = "RejectedLine")]
struct RejectedResponse {
    /// Which, from 1.
    line: u64,
    /// Where in it: a JSON pointer; absent where it is the whole line.
    #[oai(skip_serializing_if_is_none)]
    pointer: Option<String>,
    /// What is wrong with it.
    detail: String,
}

impl From<TakenIn> for TakenInResponse {
    fn from(taken: TakenIn) -> Self {
        let rejected = |Rejected { line, fault }: Rejected| RejectedResponse {
            line,
            pointer: Some(fault.pointer).filter(|pointer| !pointer.is_empty()),
            detail: fault.detail,
        };
        Self {
            imported: taken.imported,
            there_already: taken.there_already,
            rejected_count: taken.rejected,
            rejected: taken.first_rejected.into_iter().map(rejected).collect(),
        }
    }
}

impl Example for TakenInResponse {
    fn example() -> Self {
        let (pointer, detail) = (Some("/pos/2".to_owned()), "is beyond ±1e7".to_owned());
        Self {
            imported: 36_449,
            there_already: 0,
            rejected_count: 1,
            rejected: vec![RejectedResponse { line: 17, pointer, detail }],
        }
    }
}
