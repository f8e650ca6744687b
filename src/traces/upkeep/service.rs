//! When upkeep does what, for the worlds in use here.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    commands::{Expire, ForgetChanges, ForgetInboxItems, ForgetUses, Trim},
    store::Store,
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

/// Time between two rounds of removing expired traces. Until then they are shown to nobody, but stored.
const EXPIRE_PAUSE: Duration = Duration::from_secs(10);

/// Time between two rounds of forgetting.
const FORGET_PAUSE: Duration = Duration::from_mins(10);

/// For how long the change log is kept.
const CHANGES_KEPT: Duration = Duration::from_hours(7 * 24);

/// For how long a client's ref of a trace that has gone is kept: an offline queue may still hold it.
const REFS_KEPT: Duration = Duration::from_hours(30 * 24);

/// For how long inbox items are kept.
const INBOX_KEPT: Duration = Duration::from_hours(30 * 24);

/// For how long what one instance has claimed is left to it.
const CLAIM_LASTS: Duration = Duration::from_mins(1);

/// The feature's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// For how long idempotency keys are kept.
    pub idempotency_kept: Duration,
}

/// How many traces of each kind the scopes of a world keep.
type Kept = [u32; TraceKind::ALL.len()];

/// Starts upkeep of these worlds, until the program stops.
pub fn start(worlds: TraceWorlds, rules: GameRules, cache: Cache, settings: Settings, tasks: &Tasks) {
    let queue = Arc::new(TrimQueue::default());
    let added_to = Arc::clone(&queue);
    worlds.on_added(move |world, added| added_to.count(world, added));
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
        let mut kept = HashMap::new();
        loop {
            tokio::time::sleep(TRIM_PAUSE).await;
            let mut due = self.queue.take_due(|world| self.rules(world));
            due.extend(self.beyond_new_bounds(&mut kept).await);
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
        Ok(Store::new(self.worlds.tables(world.studio()).await?))
    }

    async fn trim(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, keep: u32) -> Result<(), TraceError> {
        let store = self.store(world).await?;
        let Some(upto) = store.first_beyond(world, scope, kind, keep.into()).await? else {
            let count = store.count(world, scope, kind).await?;
            self.queue.set_room(world, scope, kind, u64::from(keep).saturating_sub(count));
            return Ok(());
        };
        self.until_done(world, || Trim { scope: scope.clone(), kind, upto }).await
    }

    /// The scopes that hold too many because their game keeps fewer than a moment ago. One of all instances looks for them.
    async fn beyond_new_bounds(&self, kept: &mut HashMap<WorldKey, Kept>) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut beyond = Vec::new();
        let keeps = |world| self.rules(world).kinds.map(|kind| kind.keep);
        let now: HashMap<WorldKey, Kept> =
            self.worlds.tracked().into_iter().map(|world| (world, keeps(world))).collect();
        for (world, keeps) in &now {
            let Some(before) = kept.get(world) else { continue };
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
        *kept = now;
        beyond
    }

    /// Whether this instance is the one of all that does something.
    async fn claims(&self, what: &str) -> bool {
        self.cache.claim(&format!("upkeep:{what}"), CLAIM_LASTS).await.is_ok()
    }

    async fn scopes_beyond(
        &self,
        world: WorldKey,
        kind: TraceKind,
        keep: u32,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        self.store(world).await?.scopes_beyond(world, kind, keep).await
    }

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
        let store = Store::new(self.worlds.tables(studio).await?);
        store.forget_idempotency_keys(clock::ms_ago(self.settings.idempotency_kept)).await?;
        store.forget_refs(clock::ms_ago(REFS_KEPT)).await
    }
}
