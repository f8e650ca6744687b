//! What can be done with traces: leave some, look at a scope.

use std::{collections::BTreeSet, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{
    behind::{Behind, Settings},
    model::{Idempotency, Leave, Left, Progress, ScopeKey, TraceError, Transferred, WorldKey},
    news::Announcement,
    seed,
    store::Store,
    view::{View, ViewKey},
};
use crate::platform::{
    cache::Cache,
    codec::deflate,
    db::Tenant,
    error::{Fault, StoreError},
    metrics::Metrics,
    snapshot::shelf::{Missing, Shelf},
    tasks::Tasks,
    writer::Writer,
};

/// A body larger than this is parsed and packed off the reactor.
const INLINE_BYTES: usize = 32 * 1024;

/// Bytes of an `Idempotency-Key`, at most.
const KEY_BYTES: usize = 255;

/// Leaves and shows traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Traces {
    world: WorldKey,
    writer: Writer<Leave, Result<Left, TraceError>>,
    views: Shelf<ViewKey, View, TraceError>,
    compressors: deflate::Pool,
    behind: Behind,
}

impl Traces {
    /// Starts the feature on a studio's data, with its one world. `announcements` are those of the other instances.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        tenant: Tenant,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &Metrics,
    ) -> Result<Self, StoreError> {
        let store = Store::new(tenant);
        let world = store.open_world("default", "live").await?;
        let behind = Behind::new(store, cache, compressors.clone(), settings, tasks, metrics);
        behind.begin(world).await?;
        let refresher = behind.clone();
        let views = Shelf::new(settings.snapshot_bytes, settings.snapshot_wait, tasks, metrics, move |key, held| {
            refresher.clone().refresh(key, held).boxed()
        });
        let (committer, told) = (behind.clone(), views.clone());
        let writer = Writer::start(tasks, settings.writer, move |batch| {
            let (committer, told) = (committer.clone(), told.clone());
            async move { committer.commit(batch, &told).await }
        });
        tasks.spawn_until_stop("announcements", behind.clone().listen(announcements, views.clone()));
        tasks.spawn_until_stop("revision check", behind.clone().check_revision(world, views.clone()));
        tasks.spawn_until_stop("trim", behind.clone().trim());
        Ok(Self { world, writer, views, compressors, behind })
    }

    /// Leaves what a seed client sent: all of it, once, durably.
    ///
    /// # Errors
    /// [`TraceError`]; then nothing was stored, unless the database is away, which can't know.
    pub async fn leave_seed(&self, mut body: BytesMut, key: Option<&str>) -> Result<(), TraceError> {
        let idempotency = key.map(|key| idempotency(key, &body)).transpose()?;
        let size_bytes = body.len();
        let mut compressor = self.compressors.get().await.map_err(|error| TraceError::Broken(error.to_string()))?;
        let (scope, traces) = if size_bytes > INLINE_BYTES {
            let read = move || seed::read(&mut body, &mut compressor);
            tokio::task::spawn_blocking(read).await.map_err(|error| TraceError::Broken(error.to_string()))??
        } else {
            let read = seed::read(&mut body, &mut compressor)?;
            drop(compressor);
            read
        };
        self.leave(Leave { world: self.world, scope, traces, idempotency }).await
    }

    async fn leave(&self, job: Leave) -> Result<(), TraceError> {
        let size_bytes = job
            .traces
            .iter()
            .map(|trace| trace.body.len() + trace.recording.as_ref().map_or(0, |packed| packed.bytes.len()) + 256)
            .sum();
        match self.writer.submit(job, size_bytes).await?? {
            Left::Stored | Left::Before => Ok(()),
            Left::OtherBody => Err(TraceError::KeyReused),
        }
    }

    /// The newest traces of a scope, if nobody has to wait for them.
    #[must_use]
    pub fn at_hand(&self, scope: ScopeKey) -> Option<Arc<View>> {
        self.views.at_hand(&ViewKey { world: self.world, scope })
    }

    /// The newest traces of a scope.
    ///
    /// # Errors
    /// There is no snapshot at hand and none can be made.
    pub async fn look(&self, scope: ScopeKey) -> Result<Arc<View>, TraceError> {
        let key = ViewKey { world: self.world, scope };
        self.views.get(&key).await.map_err(|missing| match missing {
            Missing::Late => TraceError::Late,
            Missing::Failed(error) => match &*error {
                TraceError::Store(error) => TraceError::Store(Arc::clone(error)),
                TraceError::Corrupt(error) => TraceError::Corrupt(*error),
                other => TraceError::Broken(other.to_string()),
            },
        })
    }

    /// The world.
    pub(super) fn world(&self) -> WorldKey {
        self.world
    }

    /// Its traces.
    pub(super) fn store(&self) -> &Store {
        self.behind.store()
    }

    /// Stores traces from elsewhere; returns the world's revision then, and how many were new.
    pub(super) async fn take_in(
        &self,
        batch: &[Transferred],
        input: &str,
        progress: &Progress,
    ) -> Result<(i64, i64), StoreError> {
        let done = self.behind.import(self.world, batch, input, progress).await?;
        Ok((done.seq, done.taken))
    }

    /// Marks what was imported, and tells the others.
    pub(super) fn tell_imported(&self, after: i64, upto: i64, scopes: BTreeSet<ScopeKey>) {
        self.behind.tell(&Announcement { world: self.world, after, upto, scopes }, &self.views);
    }

    /// Writes that wait now.
    #[must_use]
    pub fn queued_writes(&self) -> usize {
        self.writer.queued()
    }
}

fn idempotency(key: &str, body: &[u8]) -> Result<Idempotency, TraceError> {
    if !(1..=KEY_BYTES).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("must be 1 to {KEY_BYTES} visible ASCII characters");
        return Err(TraceError::Invalid(vec![Fault::new("Idempotency-Key", detail)]));
    }
    // In the open world callers have no name.
    Ok(Idempotency { caller: String::new(), key: key.to_owned(), digest: Sha256::digest(body).into() })
}
