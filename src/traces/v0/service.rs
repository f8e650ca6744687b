//! Use cases of v0: leave traces, read a scope.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::BytesMut;
use futures_util::FutureExt;
use sha2::{Digest, Sha256};

use super::{
    body,
    commands::LeaveWithRoom,
    model::{Idempotency, NewTraces},
    refresh::Refresher,
    snapshot::{View, ViewKey},
};
use crate::{
    platform::{
        byte_budget::Payer,
        cache::Cache,
        codec::deflate,
        error::Fault,
        snapshot::cache::{SnapshotCache, Unavailable},
        tasks::Tasks,
    },
    traces::{
        TraceMetrics, TraceWorlds,
        gate::{self, Ban, Gate, Refused, TextAllowed},
        stored_size::new_scope,
        trace::TraceError,
    },
    worlds::{InsertOutcome, ScopeKey, WorldChange, WorldKey},
};

/// A body larger than this, in bytes, is parsed and packed on a blocking thread.
const INLINE_BYTES: usize = 32 * 1024;

/// The longest `Idempotency-Key`, in bytes.
const KEY_BYTES: usize = 255;

/// The pause between two looks for snapshots from the shared cache that must be replaced.
const SHARED_PAUSE: Duration = Duration::from_millis(250);

/// The feature's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The most memory that snapshots may use, in bytes.
    pub snapshot_bytes: u64,
    /// The longest that a reader waits for a snapshot.
    pub snapshot_wait: Duration,
    /// For how long the shared cache keeps a snapshot.
    pub cache_ttl: Duration,
}

/// Stores and returns the traces of v0 clients. Cheap to clone.
#[derive(Clone, Debug)]
pub struct V0 {
    worlds: TraceWorlds,
    gate: Gate,
    snapshots: SnapshotCache<ViewKey, View, TraceError>,
    compressors: deflate::Pool,
}

impl V0 {
    /// Starts the feature on these worlds.
    #[must_use]
    pub fn start(
        worlds: TraceWorlds,
        gate: Gate,
        cache: Cache,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &TraceMetrics,
    ) -> Self {
        let refresher = Refresher::new(worlds.clone(), cache, compressors.clone(), settings.cache_ttl, tasks, metrics);
        let refresh = refresher.clone();
        let snapshots = SnapshotCache::new(
            settings.snapshot_bytes,
            settings.snapshot_wait,
            tasks,
            &metrics.snapshots,
            move |key, held| refresh.clone().refresh(key, held).boxed(),
        );
        let to_mark = snapshots.clone();
        tasks.spawn_until_stop("shared snapshots", replace_shared(snapshots.clone(), refresher.clone()));
        worlds.on_change(move |change| mark(&to_mark, &refresher, change));
        let in_memory = snapshots.clone();
        worlds.keep_tracked(move || in_memory.keys().into_iter().map(|key| key.world).collect());
        Self { worlds, gate, snapshots, compressors }
    }

    /// Stores the traces of one request, durably: all or none. `caller` is the id of the API key, empty where none was sent, and
    /// `from` the client's address; `key` is the `Idempotency-Key`; `payer` pays for what is stored.
    ///
    /// # Errors
    /// [`TraceError`]; then nothing was stored, except that after [`StoreError::Unavailable`] it is unknown.
    ///
    /// [`StoreError::Unavailable`]: crate::platform::error::StoreError::Unavailable
    pub async fn add_objects(
        &self,
        world: WorldKey,
        (caller, from): (&str, IpAddr),
        mut bytes: BytesMut,
        key: Option<&str>,
        payer: &Payer,
    ) -> Result<(), TraceError> {
        let rules = self.gate.v0_rules(world)?;
        let allowed = TextAllowed::by(&rules);
        let idempotency = key.map(|key| idempotency(caller, key, &bytes)).transpose()?;
        let mut compressor = self.compressors.get().await.map_err(TraceError::broken)?;
        let (scope, traces) = if bytes.len() > INLINE_BYTES {
            let read = move || body::read(&mut bytes, &mut compressor, allowed);
            tokio::task::spawn_blocking(read).await.map_err(TraceError::broken)??
        } else {
            let read = body::read(&mut bytes, &mut compressor, allowed)?;
            drop(compressor);
            read
        };
        for trace in &traces {
            gate::check_kind(&rules, trace.kind)?;
        }
        let authors: Vec<String> = traces.iter().map(|trace| trace.author.clone()).collect();
        let (gate, network) = (self.gate.clone(), self.gate.network(world, from));
        let new = NewTraces { world, scope, traces, network, gate, idempotency };
        let stored_bytes = new.stored_bytes().saturating_add(new_scope(&new.scope).bytes);
        payer.pay(stored_bytes)?;
        let outcome = match self.worlds.insert(new.clone()).await? {
            // Perhaps this request fits although its batch did not, or others give way to it.
            InsertOutcome::NoRoom => self.worlds.run(world, LeaveWithRoom { new, rules }).await?,
            outcome => outcome,
        };
        if outcome != InsertOutcome::Stored {
            payer.give_back(stored_bytes);
        }
        match outcome {
            InsertOutcome::Stored | InsertOutcome::AlreadyStored => Ok(()),
            InsertOutcome::OtherRequest => Err(TraceError::KeyReused),
            InsertOutcome::Refused => Err(self.banned(world, &authors).await?.into()),
            InsertOutcome::NoRoom => Err(TraceError::NoRoom),
        }
    }

    /// Why these authors were refused.
    async fn banned(&self, world: WorldKey, authors: &[String]) -> Result<Refused, TraceError> {
        let authors = authors.iter().map(String::as_str).collect();
        let tenant = self.worlds.tables(world.studio()).await?;
        // A ban that is lifted, or ends, between the two looks has no end to name.
        let ban = self.gate.ban_of(&tenant, world, &authors).await?.unwrap_or(Ban { until_ms: None });
        Ok(Refused::Banned(ban))
    }

    /// Whether the v0 routes are open for a world.
    ///
    /// # Errors
    /// They are not.
    pub fn check_open(&self, world: WorldKey) -> Result<(), TraceError> {
        if self.gate.is_v0_open(world) { Ok(()) } else { Err(Refused::V0Closed.into()) }
    }

    /// The newest traces of a scope, if a current snapshot is in memory.
    #[inline]
    #[must_use]
    pub fn try_get(&self, world: WorldKey, scope: ScopeKey) -> Option<Arc<View>> {
        self.snapshots.try_get(&ViewKey { world, scope })
    }

    /// The newest traces of a scope.
    ///
    /// # Errors
    /// There is no snapshot, and making one failed or took too long.
    pub async fn snapshot(&self, world: WorldKey, scope: ScopeKey) -> Result<Arc<View>, TraceError> {
        self.worlds.track(world).await?;
        self.snapshots.get(&ViewKey { world, scope }).await.map_err(|unavailable| match unavailable {
            Unavailable::TimedOut => TraceError::Late,
            Unavailable::Failed(error) => TraceError::clone(&error),
        })
    }
}

/// Replaces snapshots from the shared cache by ones from the database, again and again.
async fn replace_shared(snapshots: SnapshotCache<ViewKey, View, TraceError>, refresher: Refresher) {
    let mut pause = tokio::time::interval(SHARED_PAUSE);
    loop {
        pause.tick().await;
        for key in refresher.take_served() {
            refresher.distrust(&key);
            snapshots.remove(&key);
        }
    }
}

/// Marks the snapshots that a change touches as out of date.
fn mark(snapshots: &SnapshotCache<ViewKey, View, TraceError>, refresher: &Refresher, change: WorldChange<'_>) {
    let WorldChange { world, revision, scopes, rewound, .. } = change;
    if rewound {
        for key in snapshots.keys().iter().filter(|key| key.world == world) {
            refresher.distrust(key);
            snapshots.remove(key);
        }
        return;
    }
    match scopes {
        Some(scopes) => {
            for scope in scopes {
                snapshots.mark(&ViewKey { world, scope: scope.clone() }, revision);
            }
        }
        None => snapshots.mark_all(revision, |key| key.world == world),
    }
}

/// Checks an `Idempotency-Key`.
///
/// # Errors
/// It is empty or too long, or has other than visible ASCII characters.
pub fn check_idempotency_key(key: &str) -> Result<&str, TraceError> {
    if !(1..=KEY_BYTES).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("must be 1 to {KEY_BYTES} visible ASCII characters");
        return Err(TraceError::Invalid(vec![Fault::new("Idempotency-Key", detail)]));
    }
    Ok(key)
}

fn idempotency(caller: &str, key: &str, body: &[u8]) -> Result<Idempotency, TraceError> {
    let key = check_idempotency_key(key)?;
    Ok(Idempotency { caller: caller.to_owned(), key: key.to_owned(), digest: Sha256::digest(body).into() })
}
