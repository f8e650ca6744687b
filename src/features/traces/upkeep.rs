//! What is done to the worlds in use from time to time, so that none grows beyond its bounds.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::Instant;

use super::{
    model::{ScopeKey, TraceError, TraceKind, WorldKey},
    service::Traces,
    store::{Act, Expire, ForgetChanges, ForgetNews, ForgetUses, ROWS, Trim},
    told::USE_COUNTS,
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

/// For how long authors are told what has happened to their traces.
const NEWS_LAST: Duration = Duration::from_hours(30 * 24);

fn before(lasts: Duration) -> i64 {
    clock::now_ms().saturating_sub(i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX))
}

impl Traces {
    /// Goes on for ever.
    pub(super) async fn keep_up(self) {
        let (mut expired, mut forgotten) = (Instant::now(), Instant::now());
        loop {
            tokio::time::sleep(TRIM_PAUSE).await;
            let keep = self.behind().settings().keep;
            for (world, scope, kind) in self.behind().take_ripe() {
                if let Err(error) = self.trim(world, &scope, kind, keep.of(kind)).await {
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

    async fn trim(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, keep: u64) -> Result<(), TraceError> {
        let store = self.behind().stores().of(world).await?;
        let Some(upto) = store.beyond(world, scope, kind, keep).await? else { return Ok(()) };
        self.until_done(world, || Trim { scope: scope.clone(), kind, upto }).await
    }

    async fn until_done<A: Act<Done = u64>>(&self, world: WorldKey, act: impl Fn() -> A) -> Result<(), TraceError> {
        while self.act(world, act()).await? == ROWS {}
        Ok(())
    }

    async fn forget(&self) {
        let worlds = self.behind().worlds();
        for &world in &worlds {
            let forget = || ForgetChanges { before_ms: before(CHANGES_LAST) };
            if let Err(error) = self.until_done(world, forget).await {
                tracing::warn!(%error, %world, "what became of traces could not be forgotten");
            }
            let forget = || ForgetNews { before_ms: before(NEWS_LAST) };
            if let Err(error) = self.until_done(world, forget).await {
                tracing::warn!(%error, %world, "what authors were told could not be forgotten");
            }
            let forget = || ForgetUses { before_ms: before(USE_COUNTS) };
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
        store.forget_keys(before(self.behind().settings().remember_keys)).await?;
        store.forget_refs(before(REFS_LAST)).await.map(drop)
    }
}
