//! What `POST /add-object` stores.

use std::collections::BTreeSet;

use super::{
    recent::{self, RecentTrace},
    store::{InsertedTraces, Store},
};
use crate::{
    platform::{db::Tenant, error::StoreError},
    traces::trace::NewTrace,
    worlds::{Insert, Inserted, ScopeKey, WorldKey},
};

/// An `Idempotency-Key` with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The id of the API key that sent it; empty in the open world.
    pub caller: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
}

/// Traces to be stored together or not at all.
#[derive(Clone, Debug)]
pub struct NewTraces {
    /// The world they go to.
    pub world: WorldKey,
    /// Their scope.
    pub scope: ScopeKey,
    /// The traces.
    pub traces: Vec<NewTrace>,
    /// Present where the caller wants them stored once.
    pub idempotency: Option<Idempotency>,
}

impl NewTraces {
    /// About how many bytes of memory they hold.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let recorded = |trace: &NewTrace| trace.recording.as_ref().map_or(0, |packed| packed.bytes.len());
        self.traces.iter().map(|trace| trace.body.len() + recorded(trace) + 256).sum()
    }
}

impl Insert for NewTraces {
    type Recent = RecentTrace;

    fn world(&self) -> WorldKey {
        self.world
    }

    fn size_bytes(&self) -> usize {
        Self::size_bytes(self)
    }

    async fn insert(tenant: Tenant, world: WorldKey, batch: &[&Self]) -> Result<Inserted<RecentTrace>, StoreError> {
        let InsertedTraces { outcomes, first_ids, after, upto } = Store::new(tenant).insert(world, batch).await?;
        let scopes = batch.iter().map(|new| new.scope.clone()).collect();
        let added = batch.iter().flat_map(|new| new.traces.iter().map(|trace| (new.scope.clone(), trace.kind.code())));
        Ok(Inserted {
            scopes,
            added: added.collect(),
            recent: recent::announced(batch, &first_ids),
            outcomes,
            after,
            upto,
        })
    }

    async fn scopes_between(
        tenant: &Tenant,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        Store::new(tenant.clone()).scopes_between(world, after, upto, limit).await
    }
}
