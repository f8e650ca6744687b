//! Access to all studios' tables, and the durable revisions of their worlds.

use std::{collections::BTreeMap, time::Duration};

use super::{
    model::{Revision, WorldKey},
    store::{self, WorldStore},
};
use crate::platform::{
    db::{Database, StudioId, Tenant},
    error::StoreError,
};

/// The most closed studios that one check of the revisions opens; the others follow at the next checks.
const CLOSED_AT_ONCE: usize = 4;

/// The worlds of all studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tenants {
    database: Database,
}

impl Tenants {
    /// The studios in that database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The time-out of a call to the database, and of a write with all its calls.
    pub fn deadline(&self) -> Duration {
        self.database.deadline()
    }

    /// The worlds of the studio to which this world belongs.
    pub async fn of(&self, world: WorldKey) -> Result<WorldStore, StoreError> {
        self.of_studio(world.studio()).await
    }

    /// The worlds of a studio.
    pub async fn of_studio(&self, studio: StudioId) -> Result<WorldStore, StoreError> {
        Ok(WorldStore::new(self.tables(studio).await?))
    }

    /// The tables of a studio.
    pub async fn tables(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.database.tenant(studio).await
    }

    /// Reads the durable revisions of these worlds. Of studios whose files are closed, only some are read, because opening a file is
    /// costly; `turn` counts the checks and selects which.
    pub async fn revisions(&self, worlds: Vec<WorldKey>, turn: usize) -> Result<Revisions, StoreError> {
        let mut by_studio = BTreeMap::<StudioId, Vec<WorldKey>>::new();
        for world in worlds {
            by_studio.entry(world.studio()).or_default().push(world);
        }
        let (open, closed): (Vec<_>, Vec<_>) =
            by_studio.into_iter().partition(|(studio, _)| self.database.is_open(*studio));
        let after = if closed.is_empty() { 0 } else { turn.wrapping_mul(CLOSED_AT_ONCE) % closed.len() };
        let some = closed.len().min(CLOSED_AT_ONCE);
        let in_turn = closed.into_iter().cycle().skip(after).take(some);
        let mut asked = Vec::new();
        for (studio, worlds) in open.into_iter().chain(in_turn) {
            asked.push((self.of_studio(studio).await?, worlds));
        }
        let mut found = Revisions::default();
        match store::revisions(&asked).await {
            Ok(durable) => found.add(&asked, durable),
            Err(StoreError::Statement(_)) if asked.len() == 1 => found.add(&asked, BTreeMap::new()),
            // One removed studio, or one missing file, makes the query of all fail: read each by itself.
            Err(StoreError::Statement(_) | StoreError::Unavailable(_)) if asked.len() > 1 => {
                for studio in asked.chunks(1) {
                    match store::revisions(studio).await {
                        Ok(durable) => found.add(studio, durable),
                        Err(StoreError::Statement(_)) => found.add(studio, BTreeMap::new()),
                        // One file can't be opened; the next check tries again.
                        Err(_unavailable) if self.database.is_local() => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Err(error) => return Err(error),
        }
        Ok(found)
    }
}

/// The result of reading revisions.
#[derive(Debug, Default)]
pub struct Revisions {
    /// The durable revision of each world.
    pub durable: BTreeMap<WorldKey, Revision>,
    /// The worlds that no longer exist.
    pub gone: Vec<WorldKey>,
}

impl Revisions {
    /// Adds the revisions of the worlds that were asked for; those without one are gone.
    fn add(&mut self, asked: &[(WorldStore, Vec<WorldKey>)], durable: BTreeMap<WorldKey, Revision>) {
        let worlds = asked.iter().flat_map(|(_, worlds)| worlds);
        self.gone.extend(worlds.filter(|world| !durable.contains_key(world)));
        self.durable.extend(durable);
    }
}
