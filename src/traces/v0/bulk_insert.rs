//! How the engine of worlds stores v0 traces: many requests by one statement.

use std::collections::{BTreeSet, HashSet};

use super::{
    model::NewTraces,
    recent::{self, RecentTrace},
    store::{InsertedTraces, Store},
};
use crate::{
    platform::{db::Tenant, error::StoreError},
    worlds::{Insert, InsertOutcome, Inserted, ScopeKey, WorldKey, storage::StorageBounds},
};

/// How often the gate is asked about a batch, each time after the world's guard was raised meanwhile.
const LOOKS: usize = 4;

impl Insert for NewTraces {
    type Recent = RecentTrace;

    fn world(&self) -> WorldKey {
        self.world
    }

    fn size_bytes(&self) -> usize {
        Self::size_bytes(self)
    }

    async fn insert(
        tenant: Tenant,
        world: WorldKey,
        batch: &[&Self],
        bounds: StorageBounds,
    ) -> Result<Option<Inserted<RecentTrace>>, StoreError> {
        let Some(gate) = batch.first().map(|new| &new.gate) else { return Ok(Some(Inserted::nothing())) };
        let store = Store::new(&tenant, world);
        for _ in 0..LOOKS {
            // First the guard: a ban that follows raises it.
            let guard = gate.guard(world);
            let refused = if guard == 0 {
                HashSet::new()
            } else {
                let authors: HashSet<&str> = batch.iter().flat_map(|new| new.authors()).collect();
                gate.refused(&tenant, world, &authors).await?
            };
            let is_admitted =
                |new: &&&Self| refused.is_empty() || !new.authors().any(|author| refused.contains(author));
            let admitted: Vec<&Self> = batch.iter().filter(is_admitted).copied().collect();
            if admitted.is_empty() {
                let outcomes = batch.iter().map(|_| InsertOutcome::Refused).collect();
                return Ok(Some(Inserted { outcomes, ..Inserted::nothing() }));
            }
            let Some(InsertedTraces { outcomes, first_ids, after, upto }) =
                store.insert(&admitted, guard, bounds).await?
            else {
                gate.look_again(&tenant, world).await?;
                // Nobody was banned meanwhile, so there is no room.
                if gate.guard(world) == guard {
                    return Ok(None);
                }
                continue;
            };
            let scopes = admitted.iter().map(|new| new.scope.clone()).collect();
            let added =
                admitted.iter().flat_map(|new| new.traces.iter().map(|trace| (new.scope.clone(), trace.kind.code())));
            let (added, recent) = (added.collect(), recent::announced(&admitted, &first_ids));
            let mut outcomes = outcomes.into_iter();
            let of_request = |new: &&Self| {
                let outcome = if is_admitted(&new) { outcomes.next() } else { None };
                outcome.unwrap_or(InsertOutcome::Refused)
            };
            let outcomes = batch.iter().map(of_request).collect();
            return Ok(Some(Inserted { outcomes, after, upto, scopes, added, recent }));
        }
        Err(StoreError::Unavailable("bans change faster than they can be read".to_owned()))
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
