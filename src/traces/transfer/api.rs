//! The routes of imports and exports: `/v1/traces/import` and `/v1/traces/export`.

use std::sync::Arc;

use futures_util::stream;
use poem_openapi::OpenApi;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    lines::BrokenImport,
    model::ImportSummary,
    response::ImportResponse,
    service::{Transfer, WorldExport},
};
use crate::{
    http::{
        failure::{Conflict, Failure},
        ndjson::{NdjsonBody, NdjsonResponse},
        problem::Problem,
    },
    identity::{
        access::{Permission, StudioAccess, request::StudioCaller},
        studios::Studios,
    },
    platform::error::Kind,
    traces::{tags::Tag, trace::TraceError},
    worlds::WorldKey,
};

/// The most imports that run at once on one instance: each has a thread, and a few batches in memory.
const CONCURRENT_IMPORTS: usize = 4;

/// The routes of imports and exports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TransferApi {
    transfer: Transfer,
    studios: Studios,
    /// The name of the installation, part of the source id of traces that have none.
    installation: Arc<str>,
    imports: Arc<Semaphore>,
}

impl TransferApi {
    /// The routes on these use cases.
    #[must_use]
    pub fn new(transfer: Transfer, studios: Studios, installation: &str) -> Self {
        Self {
            transfer,
            studios,
            installation: installation.into(),
            imports: Arc::new(Semaphore::new(CONCURRENT_IMPORTS)),
        }
    }

    /// A place among the imports that run at once on this instance.
    fn reserve_import(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let full = |_| Problem::new(Kind::Busy, "too_many_imports", "Too many imports are running. Try again.");
        self.imports.try_acquire().map_err(full)
    }

    /// Records the action in the audit log, before it begins; returns the world that it is about.
    async fn begin(&self, access: &StudioAccess, action: &str) -> Result<WorldKey, Problem> {
        let target = format!("game:{} {}", access.game, access.environment.name());
        self.studios.record_audit(access.studio, access.actor(), action, target, String::new()).await?;
        Ok(WorldKey::new(access.studio, access.world))
    }
}

/// The problem of an import that ended with an error: it says what became of the lines before.
fn with_what_was_stored(BrokenImport { error, before }: BrokenImport<Problem>) -> Problem {
    let ImportSummary { imported, already_present, rejected, .. } = before;
    let said = format!(
        " Of the lines before, {imported} were imported, {already_present} were there, {rejected} were rejected."
    );
    error.with_more_detail(&said)
}

/// The next page of an export, and the export after it.
async fn next_page(mut export: WorldExport) -> Result<Option<(Vec<u8>, WorldExport)>, TraceError> {
    let mut page = Vec::new();
    let lines = export.next(&mut page).await?;
    Ok((lines > 0).then_some((page, export)))
}

#[OpenApi(prefix_path = "/v1/traces", tag = "Tag::Traces")]
impl TransferApi {
    /// Import traces
    ///
    /// Imports lines in the native form (`docs/import.md`), any number of them, gzipped or not, and stores them as they arrive: after
    /// a failure, what was stored before stays. A wrong line is skipped and reported. A line whose `source_id` the world has is
    /// skipped, so the same lines can be sent again after a failure. Needs a secret key with the permission `admin`, or a developer's
    /// session.
    #[oai(path = "/import", method = "post", operation_id = "importTraces")]
    async fn import(&self, caller: StudioCaller, lines: NdjsonBody) -> Result<ImportResponse, Failure<Conflict>> {
        let access = caller.require(Permission::Admin)?;
        let _permit = self.reserve_import()?;
        let world = self.begin(access, "traces.import").await?;
        let gzipped = lines.gzipped;
        let imported = Box::pin(self.transfer.import_lines(world, gzipped, lines.into_stream())).await;
        Ok(imported.map_err(with_what_was_stored)?.into())
    }

    /// Export all traces
    ///
    /// All traces that are in the world when the export begins, oldest first, as lines in the native form (`docs/import.md`); hidden
    /// traces and those of groups are included. A response that breaks off is incomplete. Needs a secret key with the permission
    /// `admin`, or a developer's session.
    #[oai(path = "/export", method = "get", operation_id = "exportTraces")]
    async fn export(&self, caller: StudioCaller) -> Result<NdjsonResponse, Failure> {
        let access = caller.require(Permission::Admin)?;
        let world = self.begin(access, "traces.export").await?;
        let export = self.transfer.export(world, &self.installation).await.map_err(Problem::from)?;
        Ok(NdjsonResponse::new(stream::try_unfold(export, next_page)))
    }
}
