//! The schedule of upkeep, for the worlds in use on this instance.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    commands::{Expire, ForgetChanges, ForgetInboxItems, ForgetUses, Trim},
    store::{self, Store},
    trim_queue::TrimQueue,
};
use crate::{
    platform::{cache::Cache, clock, db::StudioId, error::StoreError, tasks::Tasks},
    traces::{
        TraceKind, TraceWorlds,
        settings::{GameRules, Rules},
        trace::{TraceError, USE_WINDOW},
    },
    worlds::{Command, ScopeKey, WorldKey, WorldTx},
};

/// Time between two rounds of trimming.
const TRIM_PAUSE: Duration = Duration::from_secs(1);

/// Time between two rounds of removing expired traces. Until then they are stored, but not returned.
const EXPIRE_PAUSE: Duration = Duration::from_secs(10);

/// Time between two rounds of removing old rows.
const FORGET_PAUSE: Duration = Duration::from_mins(10);

/// For how long the change log is kept.
const CHANGES_KEPT: Duration = Duration::from_hours(7 * 24);

/// For how long a client's ref of a removed trace is kept: a client's offline queue may still hold it.
const REFS_KEPT: Duration = Duration::from_hours(30 * 24);

/// For how long inbox items are kept.
const INBOX_KEPT: Duration = Duration::from_hours(30 * 24);

/// For how long a claim of one instance lasts.
const CLAIM_TTL: Duration = Duration::from_mins(1);

/// The feature's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// For how long idempotency keys are kept.
    pub idempotency_kept: Duration,
}

/// The most traces of each kind that a scope of a world keeps.
type ScopeBounds = [u32; TraceKind::ALL.len()];

/// Starts upkeep of these worlds, until the program stops.
pub fn start(worlds: TraceWorlds, rules: GameRules, cache: Cache, settings: Settings, tasks: &Tasks) {
    let queue = Arc::new(TrimQueue::default());
    let listener = Arc::clone(&queue);
    worlds.on_added(move |world, added| listener.count(world, added));
    tasks.spawn_until_stop("upkeep", Upkeep { worlds, rules, cache, queue, settings }.run());
}

struct Upkeep {
    worlds: TraceWorlds,
    rules: GameRules,
    cache: Cache,
    queue: Arc<TrimQueue>,
    settings: Settings,
}

impl Upkeep {
    async fn run(self) {
        let (mut expired_at, mut forgotten_at) = (Instant::now(), Instant::now());
        let mut bounds = HashMap::new();
        loop {
            tokio::time::sleep(TRIM_PAUSE).await;
            let mut due = self.queue.take_due(|world| self.rules(world));
            due.extend(self.beyond_lowered_bounds(&mut bounds).await);
            for (world, scope, kind) in due {
                let keep = self.rules(world).of(kind).keep;
                if let Err(error) = self.trim(world, &scope, kind, keep).await {
                    tracing::warn!(%error, %world, "trimming a scope failed; it is trimmed when it has grown again");
                }
            }
            if expired_at.elapsed() > EXPIRE_PAUSE {
                expired_at = Instant::now();
                for world in self.worlds.tracked() {
                    if let Err(error) = self.until_done(world, || Expire).await {
                        tracing::warn!(%error, %world, "removing expired traces failed");
                    }
                }
            }
            if forgotten_at.elapsed() > FORGET_PAUSE {
                forgotten_at = Instant::now();
                self.forget().await;
            }
        }
    }

    fn rules(&self, world: WorldKey) -> Arc<Rules> {
        self.rules.rules(world.studio(), world.world())
    }

    async fn store(&self, world: WorldKey) -> Result<Store, StoreError> {
        Ok(Store::new(self.worlds.tables(world.studio()).await?.world(world.world())))
    }

    async fn trim(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, keep: u32) -> Result<(), TraceError> {
        let store = self.store(world).await?;
        let Some(upto) = store.first_beyond(scope, kind, keep.into()).await? else {
            let count = store.count(scope, kind).await?;
            self.queue.set_room(world, scope, kind, u64::from(keep).saturating_sub(count));
            return Ok(());
        };
        self.until_done(world, || Trim { scope: scope.clone(), kind, upto }).await
    }

    /// The scopes that hold too many traces because their game has lowered a bound since the last round. One instance of all looks
    /// for them. `bounds` are those of the last round, and are replaced.
    async fn beyond_lowered_bounds(
        &self,
        bounds: &mut HashMap<WorldKey, ScopeBounds>,
    ) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut beyond = Vec::new();
        let keeps = |world| self.rules(world).kinds.map(|kind| kind.keep);
        let now: HashMap<WorldKey, ScopeBounds> =
            self.worlds.tracked().into_iter().map(|world| (world, keeps(world))).collect();
        for (world, keeps) in &now {
            let Some(before) = bounds.get(world) else { continue };
            for ((kind, keep), before) in TraceKind::ALL.into_iter().zip(keeps).zip(before) {
                if keep >= before || !self.claims(&format!("{world}:{}:{keep}", kind.name())).await {
                    continue;
                }
                match self.scopes_beyond(*world, kind, *keep).await {
                    Ok(scopes) => beyond.extend(scopes.into_iter().map(|scope| (*world, scope, kind))),
                    Err(error) => {
                        tracing::warn!(%error, %world, "finding scopes above a lowered bound failed; they are trimmed when they grow");
                    }
                }
            }
        }
        *bounds = now;
        beyond
    }

    /// Whether this instance gets the claim on a piece of work, which only one instance of all gets.
    async fn claims(&self, work: &str) -> bool {
        self.cache.claim(&format!("upkeep:{work}"), CLAIM_TTL).await.is_ok()
    }

    async fn scopes_beyond(
        &self,
        world: WorldKey,
        kind: TraceKind,
        keep: u32,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        self.store(world).await?.scopes_beyond(kind, keep).await
    }

    /// Runs a command again and again until nothing is left to remove.
    async fn until_done<C: Command<Output = u64>>(
        &self,
        world: WorldKey,
        command: impl Fn() -> C,
    ) -> Result<(), TraceError> {
        while self.worlds.run(world, command()).await? == WorldTx::ROWS {}
        Ok(())
    }

    async fn forget(&self) {
        let worlds = self.worlds.tracked();
        for &world in &worlds {
            let changes = || ForgetChanges { before_ms: clock::ms_ago(CHANGES_KEPT) };
            if let Err(error) = self.until_done(world, changes).await {
                tracing::warn!(%error, %world, "trimming the change log failed");
            }
            let items = || ForgetInboxItems { before_ms: clock::ms_ago(INBOX_KEPT) };
            if let Err(error) = self.until_done(world, items).await {
                tracing::warn!(%error, %world, "removing old inbox items failed");
            }
            let uses = || ForgetUses { before_ms: clock::ms_ago(USE_WINDOW) };
            if let Err(error) = self.until_done(world, uses).await {
                tracing::warn!(%error, %world, "removing old uses of traces failed");
            }
        }
        let studios: BTreeSet<StudioId> = worlds.into_iter().map(WorldKey::studio).collect();
        for studio in studios {
            if let Err(error) = self.forget_keys_and_refs(studio).await {
                tracing::warn!(%error, %studio, "removing old idempotency keys and refs failed");
            }
        }
    }

    async fn forget_keys_and_refs(&self, studio: StudioId) -> Result<(), StoreError> {
        let tenant = self.worlds.tables(studio).await?;
        store::forget_idempotency_keys(&tenant, clock::ms_ago(self.settings.idempotency_kept)).await?;
        store::forget_refs(&tenant, clock::ms_ago(REFS_KEPT)).await
    }
}
