//! Reads worlds from above.

use super::{
    grid::{self, Map},
    model::{MapQuery, ScopeCount},
    store::Store,
};
use crate::{
    platform::clock,
    traces::{TraceWorlds, trace::TraceError},
    worlds::{ScopeKey, WorldKey},
};

/// The service of maps. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Maps {
    worlds: TraceWorlds,
}

impl Maps {
    /// Maps of these worlds.
    #[must_use]
    pub fn new(worlds: TraceWorlds) -> Self {
        Self { worlds }
    }

    /// The map of a scope.
    ///
    /// # Errors
    /// The world is gone, or the database is unavailable.
    pub async fn map(&self, world: WorldKey, query: &MapQuery) -> Result<Map, TraceError> {
        let now_ms = clock::now_ms();
        let dots = self.store(world).await?.dots(query, now_ms).await?;
        Ok(grid::draw(&dots, query, now_ms))
    }

    /// The scopes of a world after a name, at most `limit`.
    ///
    /// # Errors
    /// The world is gone, or the database is unavailable.
    pub async fn scopes(
        &self,
        world: WorldKey,
        after: Option<&ScopeKey>,
        limit: u64,
    ) -> Result<Vec<ScopeCount>, TraceError> {
        Ok(self.store(world).await?.scopes(after, limit).await?)
    }

    async fn store(&self, world: WorldKey) -> Result<Store, TraceError> {
        Ok(Store::new(&self.worlds.tables(world.studio()).await?, world))
    }
}
