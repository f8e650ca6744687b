//! What is done to the worlds in use from time to time, so that none grows beyond its bounds.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    inbox_event::USE_WINDOW,
    model::{ScopeKey, TraceError, TraceKind, WorldKey},
    service::Traces,
    store::{Command, Expire, ForgetChanges, ForgetNews, ForgetUses, Trim, WorldTx},
};
use crate::platform::{clock, db::StudioId, error::StoreError};

/// Between two rounds of trimming.
const TRIM_PAUSE: Duration = Duration::from_secs(1);

/// Between two looks for traces whose time is over: until then they are in nobody's deck, but in the store.
const EXPIRE_PAUSE: Duration = Duration::from_secs(10);

/// Between two rounds of forgetting.
const FORGET_PAUSE: Duration = Duration::from_mins(10);

/// For how long what became of traces is kept, for those who follow a world.
const CHANGES_LAST: Duration = Duration::from_hours(7 * 24);

/// For how long it is kept what a client called a trace that has gone: an offline queue may still hold it.
const REFS_LAST: Duration = Duration::from_hours(30 * 24);

/// For how long authors are inbox_event what has happened to their traces.
const NEWS_LAST: Duration = Duration::from_hours(30 * 24);

/// How many of each kind the scopes of a world keep.
type Kept = [u32; TraceKind::ALL.len()];

impl Traces {
    /// Goes on for ever.
    pub(super) async fn keep_up(self) {
        let (mut expired, mut forgotten) = (Instant::now(), Instant::now());
        let mut kept = HashMap::new();
        loop {
            tokio::time::sleep(TRIM_PAUSE).await;
            let mut due = self.behind().take_due();
            due.extend(self.crowded(&mut kept).await);
            for (world, scope, kind) in due {
                let keep = self.behind().rules(world).of(kind).keep;
                if let Err(error) = self.trim(world, &scope, kind, keep).await {
                    tracing::warn!(%error, "trimming failed; the scope is trimmed when it has grown again");
                }
            }
            if expired.elapsed() > EXPIRE_PAUSE {
                expired = Instant::now();
                for world in self.behind().worlds() {
                    if let Err(error) = self.until_done(world, || Expire).await {
                        tracing::warn!(%error, %world, "traces whose time is over could not be removed");
                    }
                }
            }
            if forgotten.elapsed() > FORGET_PAUSE {
                forgotten = Instant::now();
                self.forget().await;
            }
        }
    }

    async fn trim(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, keep: u32) -> Result<(), TraceError> {
        let store = self.behind().stores().of(world).await?;
        let Some(upto) = store.beyond(world, scope, kind, keep.into()).await? else {
            let lying = store.lying(world, scope, kind).await?;
            self.behind().set_room(world, scope, kind, u64::from(keep).saturating_sub(lying));
            return Ok(());
        };
        self.until_done(world, || Trim { scope: scope.clone(), kind, upto }).await
    }

    /// The scopes that hold too many because their games keep fewer than a moment ago. One instance looks for them.
    async fn crowded(&self, kept: &mut HashMap<WorldKey, Kept>) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut crowded = Vec::new();
        let now: HashMap<WorldKey, Kept> =
            self.behind().worlds().into_iter().map(|world| (world, self.keeps(world))).collect();
        for (world, keeps) in &now {
            let Some(before) = kept.get(world) else { continue };
            for ((kind, keep), before) in TraceKind::ALL.into_iter().zip(keeps).zip(before) {
                let what = format!("{world}:{}:{keep}", kind.name());
                if keep >= before || !self.behind().is_chosen(&what).await {
                    continue;
                }
                match self.crowded_of(*world, kind, *keep).await {
                    Ok(scopes) => crowded.extend(scopes.into_iter().map(|scope| (*world, scope, kind))),
                    Err(error) => {
                        tracing::warn!(%error, %world, "which scopes hold too many now is not known; they are trimmed when they grow");
                    }
                }
            }
        }
        *kept = now;
        crowded
    }

    fn keeps(&self, world: WorldKey) -> Kept {
        self.behind().rules(world).kinds.map(|kind| kind.keep)
    }

    async fn crowded_of(&self, world: WorldKey, kind: TraceKind, keep: u32) -> Result<Vec<ScopeKey>, StoreError> {
        self.store(world).await?.crowded(world, kind, keep).await
    }

    async fn until_done<C: Command<Output = u64>>(
        &self,
        world: WorldKey,
        command: impl Fn() -> C,
    ) -> Result<(), TraceError> {
        while self.run(world, command()).await? == WorldTx::ROWS {}
        Ok(())
    }

    async fn forget(&self) {
        let worlds = self.behind().worlds();
        for &world in &worlds {
            let forget = || ForgetChanges { before_ms: clock::ms_ago(CHANGES_LAST) };
            if let Err(error) = self.until_done(world, forget).await {
                tracing::warn!(%error, %world, "what became of traces could not be forgotten");
            }
            let forget = || ForgetNews { before_ms: clock::ms_ago(NEWS_LAST) };
            if let Err(error) = self.until_done(world, forget).await {
                tracing::warn!(%error, %world, "what authors were inbox_event could not be forgotten");
            }
            let forget = || ForgetUses { before_ms: clock::ms_ago(USE_WINDOW) };
            if let Err(error) = self.until_done(world, forget).await {
                tracing::warn!(%error, %world, "uses of traces could not be forgotten");
            }
        }
        let studios: BTreeSet<StudioId> = worlds.into_iter().map(WorldKey::studio).collect();
        for studio in studios {
            if let Err(error) = self.forget_names(studio).await {
                tracing::warn!(%error, %studio, "forgetting idempotency keys failed");
            }
        }
    }

    async fn forget_names(&self, studio: StudioId) -> Result<(), StoreError> {
        let store = self.behind().stores().of_studio(studio).await?;
        store.forget_keys(clock::ms_ago(self.behind().settings().remember_keys)).await?;
        store.forget_refs(clock::ms_ago(REFS_LAST)).await.map(drop)
    }
}
