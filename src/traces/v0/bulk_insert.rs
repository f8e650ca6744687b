//! How the engine of worlds stores v0 traces: many requests by one statement.

use std::collections::BTreeSet;

use super::{
    model::NewTraces,
    recent::{self, RecentTrace},
    store::{InsertedTraces, Store},
};
use crate::{
    platform::{db::Tenant, error::StoreError},
    worlds::{Insert, Inserted, ScopeKey, WorldKey},
};

impl Insert for NewTraces {
    type Recent = RecentTrace;

    fn world(&self) -> WorldKey {
        self.world
    }

    fn size_bytes(&self) -> usize {
        Self::size_bytes(self)
    }

    async fn insert(tenant: Tenant, world: WorldKey, batch: &[&Self]) -> Result<Inserted<RecentTrace>, StoreError> {
        let InsertedTraces { outcomes, first_ids, after, upto } = Store::new(&tenant, world).insert(batch).await?;
        let scopes = batch.iter().map(|new| new.scope.clone()).collect();
        let added = batch.iter().flat_map(|new| new.traces.iter().map(|trace| (new.scope.clone(), trace.kind.code())));
        let (added, recent) = (added.collect(), recent::announced(batch, &first_ids));
        Ok(Inserted { outcomes, after, upto, scopes, added, recent })
    }

    async fn scopes_between(
        tenant: &Tenant,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        Store::new(tenant, world).scopes_between(after, upto, limit).await
    }
}
