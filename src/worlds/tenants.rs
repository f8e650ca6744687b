//! The stores of all studios, each opened when it is first needed.

use std::collections::BTreeMap;

use super::{
    model::WorldKey,
    store::{self, WorldStore},
};
use crate::platform::{
    db::{Database, StudioId, Tenant},
    error::StoreError,
};

/// Studios whose files are not open that one look at the revisions opens: the others' turn comes at the next looks.
const CLOSED_AT_ONCE: usize = 4;

/// The traces of all studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tenants {
    database: Database,
}

impl Tenants {
    /// In that database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The traces of the studio whose world this is.
    pub async fn of(&self, world: WorldKey) -> Result<WorldStore, StoreError> {
        self.of_studio(world.studio()).await
    }

    /// The traces of a studio.
    pub async fn of_studio(&self, studio: StudioId) -> Result<WorldStore, StoreError> {
        Ok(WorldStore::new(self.tables(studio).await?))
    }

    /// The tables of a studio.
    pub async fn tables(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.database.tenant(studio).await
    }

    /// Looks at the durable revisions of these worlds, but, where opening a studio costs something, of those whose turn has
    /// not come: `turn` counts the looks.
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
            Ok(durable) => found.take(&asked, durable),
            Err(StoreError::Statement(_)) if asked.len() == 1 => found.take(&asked, BTreeMap::new()),
            // A studio that is gone, or its file, makes the look at all fail.
            Err(StoreError::Statement(_) | StoreError::Unavailable(_)) if asked.len() > 1 => {
                for one in asked.chunks(1) {
                    match store::revisions(one).await {
                        Ok(durable) => found.take(one, durable),
                        Err(StoreError::Statement(_)) => found.take(one, BTreeMap::new()),
                        // Whether it is only the file that is away, the next look tells.
                        Err(_away) if self.database.is_local() => {}
                        Err(away) => return Err(away),
                    }
                }
            }
            Err(error) => return Err(error),
        }
        Ok(found)
    }
}

/// What a look at revisions has found.
#[derive(Debug, Default)]
pub struct Revisions {
    /// The durable revision of each world.
    pub durable: BTreeMap<WorldKey, i64>,
    /// The worlds that are gone, with their studios perhaps.
    pub gone: Vec<WorldKey>,
}

impl Revisions {
    fn take(&mut self, asked: &[(WorldStore, Vec<WorldKey>)], durable: BTreeMap<WorldKey, i64>) {
        let worlds = asked.iter().flat_map(|(_, worlds)| worlds);
        self.gone.extend(worlds.filter(|world| !durable.contains_key(world)));
        self.durable.extend(durable);
    }
}
